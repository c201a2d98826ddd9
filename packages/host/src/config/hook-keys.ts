import type { KeyRule, Keys, ValueRule } from '@nightshift/definitions';

/** Which tellings there are, by the key of `hooks` that asks for them. */
export const HOOK_KINDS = ['onFailure', 'onSuccess', 'onRecovered', 'onMissed'] as const;

export type HookKind = (typeof HOOK_KINDS)[number];

const duration = (description: string, facts: Pick<KeyRule, 'default' | 'example'>): KeyRule => ({ value: { is: 'duration' }, code: 'DurationInvalid', description, ...facts });

/** How often, and how long, a telling is tried again. */
export const HOOK_RETRY_KEYS: Keys = {
  limit: { value: { is: 'integer', from: 0, to: 10_000 }, description: 'How many further tries.', default: 5, example: 10 },
  delay: duration('Before the first of them.', { default: '10s', example: '1m' }),
  factor: { value: { is: 'number', from: 1, to: 1_000 }, description: 'By which the delay grows each time.', default: 2, example: 1.5 },
  maxDelay: duration('Longest delay.', { default: '10m', example: '1h' }),
};

/** One entry: whom to tell, and of what. Exactly one of `webhook` and `definition` (hook-faults.ts). */
const HOOK_KEYS: Keys = {
  webhook: { value: { is: 'text', filled: true }, description: 'Address that gets a POST with JSON; or a reference to it, env:NAME or file:PATH, for many such addresses are secrets.', example: 'https://example.org/hook' },
  headers: { value: { is: 'anyMap' }, description: 'Of the webhook: names and values. A value is text, or a reference: env:NAME, file:PATH.', example: { Authorization: 'env:OPS_TOKEN' } },
  allowPrivate: { value: { is: 'boolean' }, description: 'Whether the webhook may lie in a private network or on this machine.', default: false, example: true },
  definition: { value: { is: 'text', filled: true }, description: 'Name of a definition that is started; it gets the event as NIGHTSHIFT_EVENT_* variables and as one line of JSON on standard input.', example: 'TellOps' },
  definitions: { value: { is: 'list', of: { is: 'text', filled: true } }, description: 'Names of the definitions that are told of, with wildcards. Default: all.', example: ['Nightly*'] },
  retry: { value: { is: 'map', keys: HOOK_RETRY_KEYS }, description: 'What to do when nobody was reached.', example: { limit: 10, delay: '1m' } },
};

/** Of `onMissed`; the other kinds know all but `within`. */
export const MISSED_HOOK_KEYS: Keys = {
  ...HOOK_KEYS,
  within: duration('Tells also when a definition has had no Completed run for so long; once, until it has one.', { example: '26h' }),
};

const entries = (keys: Keys): ValueRule => ({ is: 'list', of: { is: 'map', keys } });

/** The keys under `hooks`. */
export const HOOKS_KEYS: Readonly<Record<HookKind, KeyRule>> = {
  onFailure: { value: entries(HOOK_KEYS), description: 'When a run has Failed, after its last attempt.', example: [{ webhook: 'https://example.org/hook' }] },
  onSuccess: { value: entries(HOOK_KEYS), description: 'When a run has Completed.', example: [{ definition: 'TellOps' }] },
  onRecovered: { value: entries(HOOK_KEYS), description: 'When a run has Completed and the one before it had not.', example: [{ webhook: 'https://example.org/hook' }] },
  onMissed: { value: entries(MISSED_HOOK_KEYS), description: 'When a due time was missed; with "within" also when nothing has Completed for too long.', example: [{ webhook: 'https://example.org/hook', within: '26h' }] },
};
