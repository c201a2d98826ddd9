import { signal, type ReadonlySignal } from '@preact/signals';
import type { ErrorFacts, Written } from '../../src/api.ts';
import { announce } from '../announce.tsx';
import { after } from '../clock.ts';
import { post, Refused } from './ask.ts';
import { csrf } from './session.ts';

/** What was done, or why it was not. */
export interface Said {
  readonly text: string;
  readonly hint?: string | undefined;
  readonly isTrouble: boolean;
  /** Where the thing can be seen. */
  readonly href?: string | undefined;
}

const message = signal<Said | undefined>(undefined);
let forget = (): void => {};

export const said: ReadonlySignal<Said | undefined> = message;

export function say(next: Said): void {
  forget();
  message.value = next;
  announce(next.text);
  // Trouble stays until somebody has read it.
  if (!next.isTrouble) forget = after(8_000, unsay);
}

export function unsay(): void {
  forget();
  message.value = undefined;
}

/** Does one of the four things that the dashboard does, and says how it went. Undefined: it was refused. */
export async function write(address: string, done: (written: Written) => Pick<Said, 'text' | 'href'>, body: object = {}): Promise<Written | undefined> {
  try {
    const written = await post(address, csrf(), body);
    const [first] = written.errors;
    say(first === undefined ? { ...done(written), isTrouble: false } : troubleOf(first));
    return written;
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    say(troubleOf(cause.facts));
    return undefined;
  }
}

function troubleOf({ code, message: text, hint }: ErrorFacts): Said {
  return { text: `${code}: ${text}`, hint, isTrouble: true };
}
