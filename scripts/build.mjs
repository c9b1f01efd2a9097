// `npm run build`: src/ to dist/, when anything has changed.
import { ensureBuilt } from './prepare.mjs';
import { runScript } from './run.mjs';

await runScript(ensureBuilt);
