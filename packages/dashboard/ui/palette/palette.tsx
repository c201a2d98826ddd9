import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Found, SearchAnswer } from '../../src/api.ts';
import { after } from '../clock.ts';
import { address, ask, keyPath, Refused } from '../data/ask.ts';
import { mayWrite } from '../data/session.ts';
import { StateBadge, Badge } from '../parts/badge.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { startDefinition, stopJob } from '../parts/job-acts.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { SECTIONS } from '../rail.tsx';
import { go } from '../router.ts';
import { nextTheme } from '../theme.ts';
import { isFinal } from '../words/states.ts';
import { visible } from '../words/safe-text.ts';

interface Entry {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly note: string;
  readonly badge?: JSX.Element | undefined;
  open(): void;
  /** What Ctrl-Enter does, after it was pressed twice. */
  readonly second?: { readonly verb: 'Start' | 'Stop'; run(): Promise<unknown> } | undefined;
}

/** Find anything, go there; start it or stop it. */
export function Palette({ close, openKeys }: { close(): void; openKeys(): void }): JSX.Element {
  const text = useSignal('');
  const answer = useSignal<readonly Found[]>([]);
  const trouble = useSignal('');
  const chosen = useSignal(0);
  const armed = useSignal<string | undefined>(undefined);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => searched(text.value, (found) => {
    [answer.value, trouble.value] = [found, ''];
  }, (why) => (trouble.value = why)), [text.value]);

  const entries = [...answer.value.map(entryOf), ...pages(text.value, openKeys)];
  const at = Math.min(chosen.value, entries.length - 1);
  const current = entries[at];
  const act = (entry: Entry): void => {
    close();
    entry.open();
  };
  /** The first press says what the second will do: at night a slip should start nothing. */
  const second = (entry: Entry): void => {
    if (entry.second === undefined || !mayWrite()) return;
    if (armed.value !== entry.key) return void (armed.value = entry.key);
    close();
    void entry.second.run();
  };
  const pressed = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      armed.value = undefined;
      chosen.value = (at + move + entries.length) % Math.max(1, entries.length);
      list.current?.querySelector(`#found-${chosen.value}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) second(current);
      else act(current);
    }
  };
  return (
    <Dialog label="Find anything" class="palette" onClose={close}>
      <div class="palette-field">
        <Icon name="find" />
        <input
          autofocus type="text" role="combobox" aria-expanded="true" aria-controls="found" aria-activedescendant={current === undefined ? undefined : `found-${at}`} aria-label="Definitions, jobs, files, pages"
          placeholder="Definitions, jobs, files, pages" spellcheck={false} autocomplete="off"
          onInput={(event) => {
            [text.value, chosen.value, armed.value] = [event.currentTarget.value, 0, undefined];
          }}
          onKeyDown={pressed}
        />
      </div>
      <ul ref={list} id="found" class="palette-list" role="listbox" aria-label="Found">
        {entries.map((entry, index) => (
          <li
            key={entry.key} id={`found-${index}`} role="option" aria-selected={index === at}
            onMouseMove={() => (chosen.value = index)} onClick={(event) => (event.ctrlKey || event.metaKey ? second(entry) : act(entry))}
          >
            <Icon name={entry.icon} />
            <span class="palette-words"><span class="one-line">{visible(entry.title)}</span> <span class="quiet small one-line">{visible(entry.note)}</span></span>
            {armed.value === entry.key ? <span class="toned tone-yellow small">once more: {entry.second?.verb}</span> : entry.badge}
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p class="empty">{trouble.value === '' ? 'Nothing is called like that.' : visible(trouble.value)}</p>}
      <div class="palette-foot small quiet">
        <span><kbd>↑</kbd> <kbd>↓</kbd> choose</span>
        <span><kbd>Enter</kbd> open</span>
        {current?.second !== undefined && mayWrite() && (
          <button type="button" class="button bare" onClick={() => second(current)}><kbd>Ctrl Enter</kbd> {armed.value === current.key ? `once more: ${current.second.verb}` : current.second.verb}</button>
        )}
        <span><kbd>Esc</kbd> close</span>
      </div>
    </Dialog>
  );
}

/** Asks when the typing pauses. The answer takes the question back. */
function searched(text: string, found: (some: readonly Found[]) => void, failed: (why: string) => void): () => void {
  const stop = new AbortController();
  if (text.trim() === '') {
    found([]);
    return () => {};
  }
  const wait = after(120, () => {
    ask<SearchAnswer>(address('/api/search', { text: text.trim(), limit: 20 }), stop.signal).then((answer) => found(answer.found), (cause: unknown) => {
      if (cause instanceof Refused) failed(cause.facts.message);
    });
  });
  return () => {
    wait();
    stop.abort();
  };
}

function entryOf(found: Found): Entry {
  if (found.is === 'definition') {
    const { definition } = found;
    return {
      key: `definition ${definition.key}`, icon: 'jobs', title: definition.name, note: found.folder === '' ? 'definition' : found.folder,
      badge: found.broken ? <Badge look={['✗', 'red']} word="broken" /> : found.running > 0 ? <StateBadge state="Running" /> : found.enabled ? undefined : <Badge look={['–', 'grey']} word="disabled" />,
      open: () => go(`/jobs/${keyPath(definition)}`),
      second: found.broken ? undefined : { verb: 'Start', run: () => startDefinition(definition) },
    };
  }
  const { job } = found;
  return {
    key: `job ${job.instanceId}`, icon: 'runs', title: `${job.name} (${job.id})`, note: job.command, badge: <StateBadge state={job.state} />,
    open: () => go(`/runs/${job.id}`),
    second: isFinal(job.state) ? undefined : { verb: 'Stop', run: () => stopJob(job) },
  };
}

function pages(text: string, openKeys: () => void): readonly Entry[] {
  const all: readonly Entry[] = [
    ...SECTIONS.map(({ section, label, href, icon }) => ({ key: section, icon, title: label, note: 'screen', open: () => go(href) })),
    { key: 'runs', icon: 'runs', title: 'Runs', note: 'every job, newest first', open: () => go('/runs') },
    { key: 'failed', icon: 'runs', title: 'Failed runs', note: 'of the last 24 h', open: () => go('/runs?state=Failed&within=24h') },
    { key: 'theme', icon: 'half', title: 'Theme', note: 'by day, by night, as the system has it', open: nextTheme },
    { key: 'keys', icon: 'keys', title: 'Keys', note: 'what can be pressed', open: openKeys },
  ];
  const wanted = text.trim().toLowerCase();
  return all.filter(({ title }) => title.toLowerCase().includes(wanted));
}
