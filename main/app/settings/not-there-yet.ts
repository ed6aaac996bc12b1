import type { mainRendererContract } from '../../../shared/contract/main-renderer.ts';
import type { Handlers } from '../../../shared/contract/responder.ts';

async function notThereYet(): Promise<never> {
  throw new Error('This is not there yet');
}

/** What the contract already has and the next changes bring. */
export const notThereYetRequests: Omit<
  Handlers<typeof mainRendererContract>['requests'],
  'snapshot' | 'desktop' | 'queue' | 'view' | 'saveLog' | 'history' | 'deletePastJobs' | 'restorePastJobs'
> = {
  settings: notThereYet,
  saveSettings: notThereYet,
  importSettings: notThereYet,
  exportSettings: notThereYet,
  pickPath: notThereYet,
  hookFile: notThereYet,
  testHook: notThereYet,
  createHook: notThereYet,
  firstRun: notThereYet,
  parseSnippet: notThereYet,
  testConnection: notThereYet,
  finishFirstRun: notThereYet,
};
