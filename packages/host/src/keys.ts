/** The tables of definition keys, and what a key is called on a command line, for verbs whose options are made of them. Nothing else is loaded with it. */
export { OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule, type Keys } from '@nightshift/definitions/keys';
export { flagOf } from './scheduled-jobs/flag-words.ts';
