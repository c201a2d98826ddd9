/** The tables of definition keys, for verbs whose options are made of them. Plain data: nothing else is loaded with it. */
export { OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule, type Keys } from '@nightshift/definitions/keys';
