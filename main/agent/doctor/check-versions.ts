import { describeMachine } from '../platform/machine.ts';
import { VERSION } from '../version.ts';
import { type Check, fine } from './finding.ts';

export const checkVersions: Check = async () => {
  const { os, arch } = describeMachine();
  return [
    fine('versions', `Signalbox ${VERSION}, Node ${process.versions.node}, ${os || process.platform} on ${arch}`),
  ];
};
