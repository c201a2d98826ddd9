import type { Keys } from '@nightshift/definitions';
import { HOOKS_KEYS } from './hook-keys.ts';

const NAME = { is: 'text', filled: true } as const;

/** One plugin as it was when a person trusted it. */
const TRUSTED_PLUGIN: Keys = {
  name: { value: NAME, required: true, description: 'As the project names it.' },
  path: { value: NAME, required: true, description: 'Real path of its folder.' },
  version: { value: NAME, required: true, description: 'Of its package.json or nightshift-plugin.json.' },
};

const TRUSTED_PROJECT: Keys = {
  folder: { value: NAME, required: true, description: 'Real path of the folder with the configuration file.' },
  plugins: { value: { is: 'list', of: { is: 'map', keys: TRUSTED_PLUGIN } }, required: true, description: 'What the project names under "plugins".' },
};

/** What the scheduler lets go. Sizes are decimal (GB) or binary (GiB). */
const RETENTION: Keys = {
  storeCap: { value: { is: 'size' }, default: '10GB', example: '50GB', description: 'Size of the run folders of kept jobs beyond which the oldest finished ones go; the newest of each definition stays.' },
  history: { value: { is: 'duration' }, code: 'DurationInvalid', default: '400d', example: '90d', description: 'How long "nightshift history" knows what became of a due time, at least a day.' },
  historyRows: { value: { is: 'integer', from: 100, to: 1_000_000 }, default: 10_000, example: 1_000, description: 'Rows of history that stay one by one for each trigger; older ones of one word and reason become one.' },
};

/** Every key of a configuration file, as data. */
export const CONFIG_KEYS: Keys = {
  definitionPath: { value: { is: 'list', of: NAME }, description: 'Folder or folders of definitions, relative to this file; default "definitions".' },
  namespace: { value: NAME, description: 'Keeps equal names of different projects apart.' },
  plugins: { value: { is: 'list', of: NAME }, description: 'Packages, or folders beginning with "./", that bring job types.' },
  timeZone: { value: { is: 'timeZone' }, code: 'TimeZoneInvalid', description: 'IANA name of the zone in which triggers are read.' },
  engine: { value: { is: 'anyMap' }, description: 'The durable store of many machines: the name of an engine that a plugin brings, and its options.' },
  retention: { value: { is: 'map', keys: RETENTION }, description: 'What the scheduler keeps, and how long.' },
  hooks: { value: { is: 'map', keys: HOOKS_KEYS }, description: 'Whom the scheduler tells what became of runs and due times.' },
  safeOwners: { value: { is: 'list', of: { is: 'integer', from: 0, to: 4_294_967_295 } }, description: 'User ids, besides yours and root, whose configuration and definition files are read.' },
  trustedProjects: { value: { is: 'list', of: { is: 'map', keys: TRUSTED_PROJECT } }, description: "Written by nightshift trust; in the user's own file only." },
};

/** Keys that count only where the user has said so: in the user's own file, in a named one, or in a trusted project's. */
export const KEYS_THAT_NEED_TRUST = ['engine', 'retention', 'hooks', 'safeOwners'] as const;
