// `npm run app`: the app with your own settings, from the variables SEMAPHORE_AGENT_…; builds it first where that is due.
import { buildIfNeeded } from './build.mjs';
import { startApp } from './start-app.mjs';

buildIfNeeded();
const shown = await startApp(process.env, { practice: false });
if (typeof shown === 'string') console.error(`The app cannot be shown: ${shown}`);
process.exitCode = typeof shown === 'string' ? 1 : shown;
