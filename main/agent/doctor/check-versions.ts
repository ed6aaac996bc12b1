import { describeMachine } from '../platform/machine.ts';
import { VERSION } from '../version.ts';
import { type Check, fine } from './finding.ts';

/** What a report of a fault must tell first; never a problem. */
export const checkVersions: Check = async () => {
  const { os, arch } = describeMachine();
  return [
    fine('versions', `Signalbox ${VERSION}, Node ${process.versions.node}, ${os || process.platform} on ${arch}`),
  ];
};
