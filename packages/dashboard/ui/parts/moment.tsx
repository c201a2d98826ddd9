import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { durationText, fullText, relative, whenText } from '../words/times.ts';

/** A time for people: near ones as `3 min ago`, with everything else on it where one points. */
export function Moment({ at, form = 'relative' }: { readonly at: string; readonly form?: 'relative' | 'clock' | 'both' }): JSX.Element {
  const instant = Date.parse(at);
  const texts = { relative: relative(instant, now.value), clock: whenText(instant, now.value), both: `${whenText(instant, now.value)}, ${relative(instant, now.value)}` };
  return <time class="number" dateTime={at} title={`${fullText(instant)} (${at})`}>{texts[form]}</time>;
}

/** How long something has run by now. */
export function Elapsed({ since }: { readonly since: string }): JSX.Element {
  return <span class="number">{durationText(Math.max(1_000, Math.floor((now.value - Date.parse(since)) / 1_000) * 1_000))}</span>;
}
