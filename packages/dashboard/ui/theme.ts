import { signal, type ReadonlySignal } from '@preact/signals';

/** By day and by night: as the system has it, until somebody chooses. `public/theme.js` applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'nightshift.theme';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];
const chosen = signal<Theme>((document.documentElement.dataset['theme'] as Theme | undefined) ?? 'system');

export const theme: ReadonlySignal<Theme> = chosen;

export function nextTheme(): void {
  const next = ORDER[(ORDER.indexOf(chosen.value) + 1) % ORDER.length] ?? 'system';
  chosen.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    if (next === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // A browser that keeps nothing: it holds until the page is closed.
  }
}
