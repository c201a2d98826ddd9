import { signal, type ReadonlySignal } from '@preact/signals';

/** The timers of the pages, in one place; everything else waits for what happens. */
const ticking = signal(Date.now());

/** The present, in milliseconds since 1970, as often as texts such as `3 min ago` change. Stands still while nobody looks. */
export const now: ReadonlySignal<number> = ticking;

/** Calls back once. The answer takes it back. */
export function after(milliseconds: number, act: () => void): () => void {
  const timer = setTimeout(act, milliseconds);
  return () => clearTimeout(timer);
}

/** The clock of the server, which decides what is due; a computer in somebody's hand may go wrong by minutes. */
let ahead = 0;

export function heardTime(iso: string): void {
  const said = Date.parse(iso);
  if (Number.isNaN(said) || Math.abs(said - Date.now() - ahead) < 1_500) return;
  ahead = said - Date.now();
  ticking.value = said;
}

export function startClock(): void {
  const tick = (): void => {
    if (!document.hidden) ticking.value = Date.now() + ahead;
    after(1_000, tick);
  };
  document.addEventListener('visibilitychange', () => {
    ticking.value = Date.now() + ahead;
  });
  tick();
}
