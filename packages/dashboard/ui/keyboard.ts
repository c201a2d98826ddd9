/** Keys that work everywhere: one letter, two one after the other (`g n`), or one with Ctrl (`ctrl+k`). */
export interface Shortcut {
  readonly keys: string;
  readonly says: string;
  act(): void;
}

const known = new Map<string, Shortcut>();

/** Adds shortcuts for as long as a screen stands; the answer takes them away. */
export function addShortcuts(some: readonly Shortcut[]): () => void {
  for (const one of some) known.set(one.keys, one);
  return () => {
    for (const one of some) if (known.get(one.keys) === one) known.delete(one.keys);
  };
}

export function shortcuts(): readonly Shortcut[] {
  return [...known.values()];
}

const PATIENCE = 1_200;

export function startKeyboard(): void {
  let first = { key: '', at: 0 };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && run(`ctrl+${event.key.toLowerCase()}`)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    const pair = Date.now() - first.at < PATIENCE ? `${first.key} ${event.key}` : event.key;
    first = { key: event.key, at: Date.now() };
    if (run(pair) || run(event.key)) {
      first = { key: '', at: 0 };
      event.preventDefault();
    }
  });
}

function run(keys: string): boolean {
  const shortcut = known.get(keys);
  shortcut?.act();
  return shortcut !== undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}
