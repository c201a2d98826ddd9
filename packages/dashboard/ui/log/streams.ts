import { signal, type ReadonlySignal } from '@preact/signals';
import type { LogLine } from '../../src/api.ts';
import type { Look } from '../words/states.ts';

/** The seven streams, in PowerShell's order, and the mark before their lines. */
export const STREAMS = {
  output: [' ', 'grey'],
  error: ['✗', 'red'],
  warning: ['!', 'yellow'],
  verbose: ['…', 'grey'],
  debug: ['◇', 'magenta'],
  information: ['i', 'blue'],
  progress: ['▸', 'cyan'],
} as const satisfies Record<LogLine['stream'], Look>;

export type Stream = keyof typeof STREAMS;

/** Those that are shown. All but progress, of which the bar tells; a page keeps them while it stands. */
const shown = signal<ReadonlySet<Stream>>(new Set((Object.keys(STREAMS) as Stream[]).filter((stream) => stream !== 'progress')));

export const shownStreams: ReadonlySignal<ReadonlySet<Stream>> = shown;

export function switchStream(stream: Stream): void {
  const next = new Set(shown.value);
  if (!next.delete(stream)) next.add(stream);
  shown.value = next;
}
