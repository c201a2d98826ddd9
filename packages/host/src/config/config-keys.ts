import type { Keys } from '@nightshift/definitions';

/** Every key of a configuration file, as data. */
export const CONFIG_KEYS: Keys = {
  definitionPath: { value: { is: 'list', of: { is: 'text', filled: true } }, description: 'Folder or folders of definitions, relative to this file; default "definitions".' },
  namespace: { value: { is: 'text', filled: true }, description: 'Keeps equal names of different projects apart.' },
  plugins: { value: { is: 'list', of: { is: 'text', filled: true } }, description: 'Packages that bring job types.' },
  timeZone: { value: { is: 'timeZone' }, code: 'TimeZoneInvalid', description: 'IANA name of the zone in which triggers are read.' },
  engine: { value: { is: 'anyMap' }, description: 'A durable store elsewhere.' },
  retention: { value: { is: 'anyMap' }, description: 'What is kept, and how long.' },
  hooks: { value: { is: 'anyMap' }, description: 'What happens when a job fails.' },
  safeOwners: { value: { is: 'list', of: { is: 'integer', from: 0, to: 4_294_967_295 } }, description: 'User ids whose files are read.' },
};
