import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LiveRegion } from './announce.tsx';
import { Refused } from './data/ask.ts';
import { connection } from './data/live.ts';
import { session } from './data/session.ts';
import { addShortcuts } from './keyboard.ts';
import { KeyList } from './palette/key-list.tsx';
import { Palette } from './palette/palette.tsx';
import { Icon } from './parts/icon.tsx';
import { Toast } from './parts/toast.tsx';
import { Locked } from './screens/locked.tsx';
import { Rail, SECTIONS } from './rail.tsx';
import { go, path } from './router.ts';
import { routeOf } from './routes.tsx';
import { nextTheme, theme } from './theme.ts';

type Over = 'palette' | 'keys' | undefined;

/** The frame: rail, top bar, the screen of the address, and what may lie over them. */
export function App(): JSX.Element {
  const over = useSignal<Over>(undefined);
  const { section, key, screen } = routeOf(path.value);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => keysOf((next) => (over.value = next)), []);
  useEffect(() => {
    // A new page: readers and keys begin at its top, as if the browser had loaded it.
    if (!isFirst.current) main.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [key]);
  if (session.value instanceof Refused && session.value.status !== 0) return <Locked why={session.value} />;
  return (
    <>
      <a class="skip" href="#main" data-jump onClick={() => main.current?.focus()}>Skip to the content</a>
      <div class="frame">
        <Rail section={section} />
        <div class="page">
          <TopBar open={(next) => (over.value = next)} />
          <Loss />
          <main ref={main} id="main" tabIndex={-1} key={key}>{screen}</main>
        </div>
      </div>
      {over.value === 'palette' && <Palette close={() => (over.value = undefined)} openKeys={() => (over.value = 'keys')} />}
      {over.value === 'keys' && <KeyList close={() => (over.value = undefined)} />}
      <Toast />
      <LiveRegion />
    </>
  );
}

function keysOf(open: (over: Over) => void): () => void {
  const jumps = SECTIONS.map(({ keys, label, href }) => ({ keys, says: `go to ${label}`, act: () => go(href) }));
  return addShortcuts([
    { keys: 'ctrl+k', says: 'find anything; start or stop it', act: () => open('palette') },
    ...jumps,
    { keys: 'g r', says: 'go to all runs', act: () => go('/runs') },
    { keys: '/', says: 'search on this page', act: () => document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus() },
    { keys: 't', says: 'by day, by night, or as the system has it', act: nextTheme },
    { keys: '?', says: 'show these keys', act: () => open('keys') },
  ]);
}

function TopBar({ open }: { open(over: Over): void }): JSX.Element {
  const known = session.value;
  return (
    <header class="topbar">
      <div class="place">
        {known !== undefined && !(known instanceof Refused) && (
          <span class="one-line" title={known.project}>
            {known.user}@{known.hostName} <span class="wide-only">· {known.project}</span>
          </span>
        )}
      </div>
      <div class="topbar-end">
        <button type="button" class="find" onClick={() => open('palette')} aria-keyshortcuts="Control+K">
          <Icon name="find" />
          <span>Find anything</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
        <button type="button" class="button bare" onClick={nextTheme} aria-label={`Theme: ${theme.value}`} title={`Theme: ${theme.value}`}>
          <Icon name={theme.value === 'light' ? 'sun' : theme.value === 'dark' ? 'moon' : 'half'} />
        </button>
      </div>
    </header>
  );
}

/** What stands there is old, and says so. */
function Loss(): JSX.Element | null {
  if (connection.value !== 'lost') return null;
  return (
    <div class="banner" role="status">
      <span aria-hidden="true">◌</span>
      <span>The server is silent. What you see is as it was; this page goes on by itself when it answers again.</span>
    </div>
  );
}
