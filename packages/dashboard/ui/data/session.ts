import { signal, type ReadonlySignal } from '@preact/signals';
import type { Session } from '../../src/api.ts';
import { showTimesIn } from '../words/times.ts';
import { ask, Refused } from './ask.ts';

const held = signal<Session | Refused | undefined>(undefined);

/** Who one is here and what one may do; undefined until it is known. */
export const session: ReadonlySignal<Session | Refused | undefined> = held;

export function mayWrite(): boolean {
  return held.value !== undefined && !(held.value instanceof Refused) && held.value.writes;
}

/** The word that every POST carries. */
export function csrf(): string {
  return held.peek() instanceof Refused ? '' : ((held.peek() as Session | undefined)?.csrf ?? '');
}

export async function startSession(): Promise<void> {
  try {
    const told = await ask<Session>('/api/session');
    showTimesIn(told.timeZone);
    held.value = told;
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    // Who was let in once keeps what he sees until somebody says no.
    if (held.peek() === undefined || cause.status !== 0) held.value = cause;
  }
}
