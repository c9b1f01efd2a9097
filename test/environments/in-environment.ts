/** Imported first by a file of suites: they run in unusual surroundings then. */
import { makeDatabasesBy } from '../support/database.ts';
import { environment } from './environment.ts';

// Node reads it anew: times of the process are shown in this zone, too.
process.env['TZ'] = 'America/St_Johns';

const started = environment();
makeDatabasesBy(() => started().createDatabase());
