import { formatDuration } from '@nightshift/sdk';
import type { MachineFact, MachineFacts } from './machine-probe.ts';
import type { Conditions } from './policy.ts';

/** What the conditions of a definition come to at one moment. */
export type ConditionWord =
  /** `warnings`: what could not be looked at, and is taken for met. */
  | { readonly is: 'met'; readonly warnings: readonly string[] }
  | { readonly is: 'unmet'; readonly text: string }
  /** Nothing is missing but an idle machine. */
  | { readonly is: 'wait'; readonly until: Date; readonly text: string };

/** What has to be asked of the machine before conditions can be judged. */
export function factsFor({ network, mains, idle }: Conditions): readonly MachineFact[] {
  return [...(network ? ['network' as const] : []), ...(mains ? ['battery' as const] : []), ...(idle === undefined ? [] : ['idle' as const])];
}

interface Judged {
  readonly name: string;
  /** Undefined: it cannot be seen. */
  readonly isMet: boolean | undefined;
  readonly text: string;
}

/**
 * Judges the conditions of a due time. `since` is when it began to wait for an idle machine; absent: it does not wait yet. Pure.
 * Source: scheduled-jobs.md section 6.
 */
export function conditionWord({ network, mains, idle, onUnknown }: Conditions, facts: MachineFacts, now: Date, since?: Date): ConditionWord {
  const isInUse = idle !== undefined && facts.idleFor !== undefined && !isIdleInTime(idle, facts.idleFor, now, since);
  // Whatever else is missing while it waits may be there when it starts.
  if (isInUse && since !== undefined) return idleWord(idle, now, since);
  const asked: readonly Judged[] = [
    ...(network ? [{ name: 'whether there is a network', isMet: facts.network, text: 'there is no network' }] : []),
    ...(mains ? [{ name: 'whether the machine is on battery', isMet: facts.onBattery === undefined ? undefined : !facts.onBattery, text: 'the machine is on battery' }] : []),
  ];
  const unmet = asked.find(({ isMet }) => isMet === false);
  if (unmet !== undefined) return { is: 'unmet', text: unmet.text };
  const unknown = [...asked.filter(({ isMet }) => isMet === undefined).map(({ name }) => name), ...(idle !== undefined && facts.idleFor === undefined ? ['whether the machine is idle'] : [])];
  const texts = unknown.map((name) => `${name} cannot be seen here`);
  if (texts.length > 0 && onUnknown === 'skip') return { is: 'unmet', text: texts.join('; ') };
  if (isInUse) return idleWord(idle, now, now);
  return { is: 'met', warnings: texts.map((text) => `${text}; the run was started all the same (onUnknownCondition: run)`) };
}

/** Of what has waited too long by now, as when nobody was there to look, only what could have started in time. */
function isIdleInTime({ duration, timeout }: NonNullable<Conditions['idle']>, idleFor: number, now: Date, since: Date | undefined): boolean {
  const idleSince = now.getTime() - (idleFor - duration);
  return idleFor >= duration && (since === undefined || idleSince <= since.getTime() + timeout);
}

function idleWord({ duration, timeout }: NonNullable<Conditions['idle']>, now: Date, since: Date): ConditionWord {
  const until = new Date(Math.min(LATEST, since.getTime() + timeout));
  if (now >= until) return { is: 'unmet', text: timeout === 0 ? 'somebody uses the machine' : `nobody left the machine alone for ${formatDuration(duration)} within ${formatDuration(timeout)}` };
  return { is: 'wait', until, text: `waits until nobody has used the machine for ${formatDuration(duration)}` };
}

/** The last instant that a Date can hold. */
const LATEST = 8_640_000_000_000_000;
