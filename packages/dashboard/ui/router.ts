import { computed, signal, type ReadonlySignal } from '@preact/signals';

/** Where one is: every view is an address that can be shared, opened in a new tab, and gone back from. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Without the sign: `L120`. */
  readonly hash: string;
}

const here = signal<Place>(placeNow());

export const place: ReadonlySignal<Place> = here;
export const path: ReadonlySignal<string> = computed(() => here.value.path);

function placeNow(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search), hash: location.hash.slice(1) };
}

/** Goes there. `replace`: the step is none to go back from, as with every letter of a search. */
export function go(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  const before = here.peek().path;
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  here.value = placeNow();
  if (!replace && here.peek().path !== before) scrollTo(0, 0);
}

/** The same path with other words behind it; undefined takes a word away. */
export function withQuery(changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(here.peek().query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `${here.peek().path}${text === '' ? '' : `?${text}`}`;
}

/** Links of ours change the place without loading a page; all others are the browser's. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    here.value = placeNow();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!isOurs(link)) return;
    event.preventDefault();
    go(link.pathname + link.search + link.hash);
  });
}

function isOurs(link: HTMLAnchorElement | null): link is HTMLAnchorElement {
  if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return false;
  return !(link.hash !== '' && link.dataset['jump'] !== undefined);
}
