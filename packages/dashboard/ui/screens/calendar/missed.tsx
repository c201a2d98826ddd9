import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import type { DefinitionDetails, DefinitionRef, MissedDueTime, MissedPage, RunMissed as Body } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { useAnswer } from '../../data/answer.ts';
import { address, keyPath } from '../../data/ask.ts';
import { mayWrite } from '../../data/session.ts';
import { write } from '../../data/writes.tsx';
import { Command } from '../../parts/command.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { startedWords } from '../../parts/job-acts.tsx';
import { Failure, Wait } from '../../parts/screen.tsx';
import { visible } from '../../words/safe-text.ts';
import { counted, whenText } from '../../words/times.ts';

/** On the page of a definition: that something was missed, and a way to make up for it. */
export function Missed({ definition }: { readonly definition: DefinitionDetails }): JSX.Element | null {
  const { data } = useAnswer<MissedPage>(address(`/api/definitions/${keyPath(definition)}/missed`, { limit: 1 }));
  if (data === undefined || data.total === 0) return null;
  return (
    <section class="card" aria-labelledby="missed">
      <header><h2 id="missed"><span class="toned tone-red" aria-hidden="true">!</span> {counted(data.total, 'due time')} missed</h2></header>
      <div class="card-body"><RunMissed definition={definition} command={definition.commands.runMissed} /></div>
    </section>
  );
}

interface RunMissedProps {
  readonly definition: DefinitionRef;
  readonly from?: string;
  readonly to?: string;
  readonly command?: string | undefined;
}

/** A button that shows first what it would start. */
export function RunMissed({ definition, from, to, command }: RunMissedProps): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="button" aria-haspopup="dialog" onClick={() => (isOpen.value = true)}>Run missed …</button>
      {isOpen.value && <Preview definition={definition} from={from} to={to} command={command} close={() => (isOpen.value = false)} />}
    </>
  );
}

interface PreviewProps {
  readonly definition: DefinitionRef;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly command: string | undefined;
  close(): void;
}

const keyOf = ({ triggerId, dueAt }: MissedDueTime): string => `${triggerId} ${dueAt}`;

function Preview({ definition, from, to, command, close }: PreviewProps): JSX.Element {
  const path = `/api/definitions/${keyPath(definition)}`;
  const { data, error } = useAnswer<MissedPage>(address(`${path}/missed`, { from, to, limit: 200 }));
  const left = useSignal<ReadonlySet<string>>(new Set());
  const isBusy = useSignal(false);
  const wanted = (data?.missed ?? []).filter((one) => !left.value.has(keyOf(one))).slice(0, data?.most ?? 0);
  const run = async (): Promise<void> => {
    isBusy.value = true;
    const body: Body = { dueTimes: wanted.map(({ triggerId, dueAt }) => ({ triggerId, dueAt })) };
    await write(`${path}/run-missed`, startedWords(definition.name), body);
    close();
  };
  return (
    <Dialog label={`Run missed due times of ${visible(definition.name)}`} onClose={close}>
      <div class="dialog-body">
        <h2>Run missed due times of {visible(definition.name)}</h2>
        {error !== undefined && <Failure error={error} />}
        {data === undefined ? error === undefined && <Wait /> : (
          <>
            <p class="small quiet">Each that is ticked becomes one job with its own due time, oldest first.{data.total > data.missed.length && ` There are ${data.total}; these are the oldest.`}{data.missed.length > data.most && ` At most ${data.most} at once.`}</p>
            {data.missed.length === 0 ? <p>Nothing is left to run.</p> : (
              <ul class="missed-list">
                {data.missed.map((one) => (
                  <li key={keyOf(one)}>
                    <label>
                      <input type="checkbox" checked={!left.value.has(keyOf(one))} onChange={() => (left.value = toggled(left.value, keyOf(one)))} />
                      <span><span class="number">{whenText(Date.parse(one.dueAt), now.value)}</span> <span class="quiet small">trigger {one.triggerId} · {visible(one.reason)}</span></span>
                    </label>
                  </li>
                ))}
              </ul>
            )}
            {data.command !== null && <><h3>Each would start</h3><Command line={data.command} /></>}
            {!mayWrite() && command !== undefined && <><h3>This dashboard only shows. In a terminal:</h3><Command line={command} /></>}
          </>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={close}>{mayWrite() ? 'Leave it' : 'Close'}</button>
        {mayWrite() && wanted.length > 0 && <button type="button" class="button main" disabled={isBusy.value} onClick={run}>Run {counted(wanted.length, 'job')}</button>}
      </div>
    </Dialog>
  );
}

function toggled(set: ReadonlySet<string>, word: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(word)) next.add(word);
  return next;
}
