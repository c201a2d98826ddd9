import { Component, type JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { LogPlace } from '../../src/api.ts';
import { announce } from '../announce.tsx';
import { address } from '../data/ask.ts';
import { Icon } from '../parts/icon.tsx';
import { Failure } from '../parts/screen.tsx';
import { go, place as here, withQuery } from '../router.ts';
import { counted, fullText, sizeText } from '../words/times.ts';
import { createLogReader, type Where } from './log-reader.ts';
import { createLogSearch, type Found, type LogSearch } from './log-search.ts';
import { numberOf, type LogRow, type LogWindow } from './log-window.ts';
import { Rail } from './rail.tsx';
import { STREAMS, type Stream } from './streams.ts';
import { LineText } from './text.tsx';
import { clockToSecond } from '../words/times.ts';

interface LogViewProps {
  readonly log: LogPlace;
  readonly label: string;
  readonly streams: ReadonlySet<Stream>;
  readonly wraps: boolean;
}

/** So near to an edge of the window, in pixels, more is asked for. */
const NEAR = 900;
/** Further behind than this, who follows goes to the end instead of reading everything in between. */
const TOO_FAR = 262_144;

/** The word of the address that names a channel: `41.1.stdout`. */
export function logWord({ jobId, attempt, channel }: LogPlace): string {
  return `${jobId}.${attempt}.${channel}`;
}

/**
 * One channel of a log. What stands in the page is a window of some hundred lines that moves over the file: by scrolling,
 * line by line, and by the rail beside it, to any place at once.
 */
export function LogView({ log, label, streams, wraps }: LogViewProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const follows = useSignal(true);
  const shownStreams = [...streams].join();
  const reader = useMemo(() => createLogReader(log, ({ stream }) => streams.has(stream)), [logWord(log), shownStreams]);
  const topByte = useRef(0);
  const anchor = useRef<{ readonly at: number; readonly above: number } | undefined>(undefined);
  const target = useRef<number | undefined>(undefined);
  const lastTop = useRef(0);
  const top = useSignal(0);
  const shown = useSignal(0);
  const linked = linkedLine(log);
  const known = reader.window.value;

  const jump = (where: Where): void => {
    follows.value = where === 'end';
    target.current = typeof where === 'number' ? where : undefined;
    anchor.current = undefined;
    const inside = typeof where === 'number' && known !== undefined && where >= known.from && where < known.to;
    if (inside) show(box.current, where);
    else void reader.jump(where).then(() => undefined);
  };
  const search = useMemo(() => createLogSearch(log, (at) => jumpNow.current(at)), [logWord(log)]);
  const jumpNow = useRef(jump);
  jumpNow.current = jump;

  useEffect(() => {
    follows.value = linked === undefined && topByte.current === 0;
    target.current = linked ?? (topByte.current === 0 ? undefined : topByte.current);
    void reader.jump(target.current ?? 'end');
    return () => reader.end();
  }, [reader]);
  useEffect(() => () => search.end(), [search]);
  useEffect(() => {
    if (linked !== undefined && known !== undefined) jumpNow.current(linked);
  }, [linked]);
  useEffect(() => reader.grown(log.bytes, log.ended), [log.bytes, log.ended, reader]);

  // What stands still stays where it is while lines come and go above it.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || known === undefined) return;
    if (target.current !== undefined) {
      show(element, target.current);
      target.current = undefined;
    } else if (follows.peek()) element.scrollTop = element.scrollHeight;
    else if (anchor.current !== undefined) hold(element, anchor.current);
    look();
  }, [known]);
  useEffect(() => {
    // Who is at the end stays there when the page becomes wider or narrower.
    const watch = new ResizeObserver(() => {
      if (box.current !== null && follows.peek()) box.current.scrollTop = box.current.scrollHeight;
    });
    watch.observe(box.current as HTMLElement);
    watch.observe((box.current as HTMLElement).firstElementChild as HTMLElement);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (box.current !== null && known !== undefined) void fill(box.current, known);
  });

  const look = (): void => {
    const element = box.current;
    if (element === null) return;
    const first = firstVisible(element);
    anchor.current = first === undefined ? undefined : { at: Number(first.dataset['at']), above: first.offsetTop - element.scrollTop };
    topByte.current = anchor.current?.at ?? 0;
    [top.value, shown.value] = [topByte.current, shownBytes(element, reader.window.peek())];
  };
  const fill = async (element: HTMLElement, { to, size, from }: LogWindow): Promise<void> => {
    if (follows.peek() && size - to > TOO_FAR) return reader.jump('end');
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    if (below < NEAR && to < size) return reader.after();
    if (element.scrollTop < NEAR && from > 0) return reader.before();
    return undefined;
  };
  const scrolled = (): void => {
    const element = box.current;
    const window = reader.window.peek();
    if (element === null || window === undefined) return;
    const isAtEnd = element.scrollHeight - element.clientHeight - element.scrollTop < 4 && window.to >= window.size;
    // Lines that come or wrap push the end away; only who scrolls up himself wants to leave it.
    if (isAtEnd) follows.value = true;
    else if (element.scrollTop < lastTop.current) follows.value = false;
    lastTop.current = element.scrollTop;
    look();
    void fill(element, window);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    jump(event.key === 'Home' ? 'start' : 'end');
  };

  return (
    <div class="log" data-channel={log.channel}>
      <div class="log-bar">
        <span class="log-name small"><strong>{label}</strong> <span class="quiet number">{sizeText(known?.size ?? log.bytes)}</span></span>
        <SearchBar search={search} from={() => topByte.current} label={label} />
        <span class="log-bar-end">
          <button type="button" class="button bare" onClick={() => jump('start')} title="Beginning (Home)">Beginning</button>
          <button type="button" class={`button bare follow${follows.value && known?.ended === false ? ' is-on' : ''}`} aria-pressed={follows.value} onClick={() => jump('end')} title="End (End)">
            {known?.ended === false ? <><span class={follows.value ? 'breathes' : ''} aria-hidden="true">●</span> Follow</> : 'End'}
          </button>
          <a class="button bare" href={address(`/api/jobs/${log.jobId}/log/raw`, { attempt: log.attempt, channel: log.channel })} download aria-label={`Download ${label} as it was written`} title="Download as it was written"><Icon name="down" /></a>
        </span>
      </div>
      {reader.error.value !== undefined && <Failure error={reader.error.value} />}
      <div class="log-body">
        <div
          ref={box} class={`log-lines${wraps ? ' wraps' : ''}`} id={`log-${logWord(log)}`} role="region" aria-label={`${label}: log`} tabIndex={0}
          onScroll={scrolled} onKeyDown={pressed}
        >
          <div class="log-sheet">
            {known === undefined ? reader.error.value === undefined && <p class="wait late">one moment …</p> : <Lines window={known} log={log} linked={linked} sought={search.found.value?.text ?? ''} isBusy={reader.isBusy.value} />}
          </div>
        </div>
        {known !== undefined && known.size > 0 && <Rail controls={`log-${logWord(log)}`} top={top.value} size={known.size} shown={shown.value} jump={(at) => jump(at >= known.size ? 'end' : at)} label={label} />}
      </div>
    </div>
  );
}

/** The line that the address names, if it is one of this channel. */
function linkedLine(log: LogPlace): number | undefined {
  const { query } = here.value;
  const at = Number(query.get('at') ?? Number.NaN);
  return query.get('log') === logWord(log) && Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}

function rowsIn(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>('.line')];
}

function firstVisible(element: HTMLElement): HTMLElement | undefined {
  const rows = rowsIn(element);
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as HTMLElement;
    if (row.offsetTop + row.offsetHeight <= element.scrollTop) low = middle + 1;
    else high = middle;
  }
  return rows[low];
}

/** Brings a line to the upper third. */
function show(element: HTMLElement | null, at: number): void {
  if (element === null) return;
  const row = rowsIn(element).findLast((one) => Number(one.dataset['at']) <= at) ?? rowsIn(element)[0];
  if (row !== undefined) element.scrollTop = row.offsetTop - element.clientHeight / 3;
}

function hold(element: HTMLElement, { at, above }: { readonly at: number; readonly above: number }): void {
  const row = element.querySelector<HTMLElement>(`.line[data-at="${at}"]`);
  if (row !== null) element.scrollTop = row.offsetTop - above;
}

/** How many bytes about are in sight. */
function shownBytes({ clientHeight, scrollHeight }: HTMLElement, window: LogWindow | undefined): number {
  return window === undefined || scrollHeight === 0 ? 0 : ((window.to - window.from) * clientHeight) / scrollHeight;
}

interface LinesProps {
  readonly window: LogWindow;
  readonly log: LogPlace;
  readonly linked: number | undefined;
  readonly sought: string;
  readonly isBusy: boolean;
}

function Lines({ window, log, linked, sought, isBusy }: LinesProps): JSX.Element {
  const { rows, from, to, size, ended } = window;
  return (
    <>
      {from > 0 && <p class="log-edge small quiet">… {sizeText(from)} before</p>}
      {rows.map((row) => <Line key={row.line.at} row={row} number={numberOf(window, row)} isLinked={row.line.at === linked} sought={sought} isOneStream={log.channel === 'stderr'} word={logWord(log)} />)}
      {rows.length === 0 && to >= size && from === 0 && <p class="log-edge quiet">{size === 0 ? (ended ? 'It wrote nothing.' : 'Nothing yet.') : 'No line of these streams.'}</p>}
      {to < size && <p class="log-edge small quiet">{isBusy ? 'reading' : '…'} {sizeText(size - to)} to come</p>}
    </>
  );
}

interface LineProps {
  readonly row: LogRow;
  readonly number: number | undefined;
  readonly isLinked: boolean;
  readonly sought: string;
  readonly isOneStream: boolean;
  readonly word: string;
}

/** So many letters of one line are drawn unless somebody wants them all: of some lines nobody does. */
const MOST_LETTERS = 4_096;

/** Drawn once; hundreds of others stand still when one comes. */
class Line extends Component<LineProps, { readonly isWhole: boolean }> {
  override state = { isWhole: false };

  override shouldComponentUpdate(next: LineProps, state: { readonly isWhole: boolean }): boolean {
    if (state.isWhole !== this.state.isWhole) return true;
    const { row, number, isLinked, sought } = this.props;
    return next.row.line.text !== row.line.text || next.number !== number || next.isLinked !== isLinked || next.sought !== sought;
  }

  override render(): JSX.Element {
    const { row: { line }, number, isLinked, sought, isOneStream, word } = this.props;
    const [symbol, tone] = STREAMS[line.stream];
    const isWhole = this.state.isWhole || line.text.length <= MOST_LETTERS * 1.25;
    const isMarked = !isOneStream && line.stream !== 'output';
    return (
      <div class={`line${isLinked ? ' linked' : ''}${isMarked ? ` tone-${tone} of-stream` : ''}`} data-at={line.at} data-stream={line.stream}>
        <a class="line-number" tabIndex={-1} href={withQuery({ log: word, at: String(line.at) })} onClick={linkTo} title={line.time === null ? 'Link to this line' : fullText(Date.parse(line.time))} aria-hidden="true">
          {line.time !== null ? clockToSecond(Date.parse(line.time)) : (number ?? '·')}
        </a>
        <span class="line-mark" aria-hidden="true">{isMarked ? symbol : ' '}</span>
        {isMarked && <span class="unseen">{line.stream}: </span>}
        <span class="line-text"><LineText text={isWhole ? line.text : line.text.slice(0, MOST_LETTERS)} sought={sought} />{!isWhole && <button type="button" class="button bare" onClick={() => this.setState({ isWhole: true })}>… {counted(line.text.length - MOST_LETTERS, 'more letter')}</button>}{isWhole && line.cut === true && <span class="quiet" aria-hidden="true">↩</span>}</span>
      </div>
    );
  }
}

/** The address now leads to the line; nothing moves. */
function linkTo(event: MouseEvent): void {
  const href = (event.currentTarget as HTMLAnchorElement).getAttribute('href') ?? '';
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  go(href, { replace: true });
  announce('the address leads to this line now');
}

function SearchBar({ search, from, label }: { readonly search: LogSearch; from(): number; readonly label: string }): JSX.Element {
  const found = search.found.value;
  const typed = (event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (found !== undefined && found.text === event.currentTarget.value) search.step(event.shiftKey ? -1 : 1);
    else search.start(event.currentTarget.value, from());
  };
  return (
    <span class="log-search" role="search" aria-label={`Search ${label}`}>
      <input class="field" type="search" aria-label={`Search ${label}`} placeholder="Search the log" onKeyDown={typed} onInput={(event) => event.currentTarget.value === '' && search.start('', 0)} spellcheck={false} autocomplete="off" />
      {found !== undefined && (
        <>
          <button type="button" class="button bare" onClick={() => search.step(-1)} aria-label="The match before">↑</button>
          <button type="button" class="button bare" onClick={() => search.step(1)} aria-label="The next match">↓</button>
          <span class="small quiet number" role="status">{foundText(found)}</span>
        </>
      )}
    </span>
  );
}

function foundText({ places, current, isDone, looked, size, trouble }: Found): string {
  if (trouble !== undefined) return trouble;
  const progress = isDone ? '' : ` · ${sizeText(looked)} of ${size === 0 ? '…' : sizeText(size)}`;
  if (places.length === 0) return isDone ? 'nothing found' : `searching${progress}`;
  return `${current + 1} of ${counted(places.length, 'line')}${progress}`;
}
