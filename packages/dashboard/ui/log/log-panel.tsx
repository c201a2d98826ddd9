import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { LogPlace } from '../../src/api.ts';
import { ErrorNotice } from '../parts/screen.tsx';
import { go, place, withQuery } from '../router.ts';
import { visible } from '../words/safe-text.ts';
import { LogView, logWord } from './log-view.tsx';
import { shownStreams, STREAMS, switchStream, type Stream } from './streams.ts';

/** What one attempt of one job has written. */
interface Group {
  readonly word: string;
  readonly words: string;
  readonly logs: readonly LogPlace[];
}

/** The log of a run: which attempt, which streams, and one view for each channel that has something. */
export function LogPanel({ logs }: { readonly logs: readonly LogPlace[] }): JSX.Element | null {
  const wraps = useSignal(innerWidth < 700);
  const groups = groupsOf(logs);
  const asked = place.value.query.get('log');
  const current = groups.find(({ logs: some }) => some.some((log) => logWord(log) === asked)) ?? groups.at(-1);
  if (current === undefined) return <section class="card" aria-label="Log"><header><h2>Log</h2></header><div class="empty"><p>There is no log: it has not run, or its output is gone.</p></div></section>;
  const streams = shownStreams.value;
  return (
    <section class="card log-panel" aria-labelledby="log">
      <header>
        <h2 id="log">Log</h2>
        {groups.length > 1 && (
          <select class="field small-field" aria-label="Which attempt" value={current.word} onChange={(event) => choose(groups, event.currentTarget.value)}>
            {groups.map(({ word, words }) => <option key={word} value={word}>{words}</option>)}
          </select>
        )}
        <div class="switches" role="group" aria-label="Streams">
          {(Object.keys(STREAMS) as Stream[]).map((stream) => (
            <button key={stream} type="button" class={`switch tone-${STREAMS[stream][1]}`} aria-pressed={streams.has(stream)} onClick={() => switchStream(stream)}>
              <span class="symbol toned" aria-hidden="true">{STREAMS[stream][0] === ' ' ? '≡' : STREAMS[stream][0]}</span>
              {stream}
            </button>
          ))}
        </div>
        <button type="button" class="switch wrap-switch" aria-pressed={wraps.value} onClick={() => (wraps.value = !wraps.value)}>wrap</button>
      </header>
      {viewsOf(current, streams, asked).map((log) => (log.error === undefined ? <LogView key={logWord(log)} log={log} label={log.channel} streams={streams} wraps={wraps.value} /> : <div key={logWord(log)} class="card-body"><ErrorNotice facts={log.error} /></div>))}
    </section>
  );
}

function groupsOf(logs: readonly LogPlace[]): readonly Group[] {
  const names = new Set(logs.map(({ jobId }) => jobId));
  return [...Map.groupBy(logs, ({ jobId, attempt }) => `${jobId}.${attempt}`)].map(([word, some]) => {
    const [{ jobId, jobName, attempt }] = some as [LogPlace];
    return { word, logs: some, words: names.size > 1 ? `${visible(jobName)} (${jobId}), attempt ${attempt}` : `attempt ${attempt}` };
  });
}

function choose(groups: readonly Group[], word: string): void {
  const [log] = groups.find((group) => group.word === word)?.logs ?? [];
  if (log !== undefined) go(withQuery({ log: logWord(log), at: undefined }), { replace: true });
}

/** Standard error is the error stream, and has its own view below; one that is empty takes no room beside one that is not. */
function viewsOf({ logs }: Group, streams: ReadonlySet<Stream>, asked: string | null): readonly LogPlace[] {
  const wanted = logs.filter((log) => logWord(log) === asked || (log.channel === 'stderr' ? streams.has('error') : true));
  const full = wanted.filter((log) => log.bytes > 0 || log.error !== undefined || logWord(log) === asked);
  return full.length > 0 ? full : wanted.slice(0, 1);
}
