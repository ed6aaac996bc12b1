import { app } from 'electron';
import { SCHEME } from '../../../shared/contract/channel.ts';

/** Makes the system open our links with this app. On Linux that is in the package's desktop file. */
export function registerLinks(): void {
  // What follows `--` is never taken for an option, whatever a link says.
  if (app.isPackaged && process.platform !== 'linux') app.setAsDefaultProtocolClient(SCHEME, process.execPath, ['--']);
}
