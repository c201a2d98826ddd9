/**
 * Tells people what became of runs and due times, beside the scheduler and never in its way:
 *
 *     news (written with the end of the run) ─▶ deliveries, one per hook, with the whole text ─▶ sent ─▶ gone
 *                                                                              └▶ tried again ─▶ given up, and said so
 *
 * Each arrow is one transaction. Whoever dies in between repeats the arrow: receivers may get an event twice, with the same id,
 * and never miss one.
 */
import { isJobError, type Clock } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import type { Report } from '@nightshift/scheduler';
import type { Delivery, NewDelivery, News, Tellings } from '@nightshift/store';
import { createAlarmCheck } from './alarm-check.ts';
import { happeningsOf, KIND_OF, type DefinitionNames, type Happening } from './happenings.ts';
import { isAbout, pauseAfter, type Hook } from './hooks.ts';

export interface Teller {
  /** Works until the signal fires; what is under way then is repeated by the next scheduler. Throws what there is no going on after. */
  run(signal: AbortSignal): Promise<void>;
  /** Something has happened. */
  wake(): void;
  /** Waits until everything was tried that can be tried now, for a while at most. */
  settle(): Promise<void>;
}

export interface TellerParts {
  readonly clock: Clock;
  readonly tellings: Tellings;
  readonly hooks: readonly Hook[];
  readonly known: ReadonlyMap<string, DefinitionNames>;
  readonly compose: (happening: Happening) => Promise<string>;
  /** Undefined when it has arrived, else a sentence why not. */
  readonly deliver: (hook: Hook, delivery: Delivery, signal: AbortSignal) => Promise<string | undefined>;
  /** Looks at what was started; when it is to be called again, in milliseconds. */
  readonly lookAfter: () => Promise<number>;
  readonly report: Report;
  /** Codes of errors after which there is no going on. */
  readonly fatal: readonly string[];
}

const LONGEST_SLEEP = 30_000;
const SHORTEST_SLEEP = 10;
const PAUSE_IN_TROUBLE = 1_000;
/** News that is looked at in one go. */
const NEWS = 100;
/** Deliveries under way: one of a hook, so that a receiver that does not answer keeps nobody else waiting, and a few of all. */
const AT_ONCE = 16;
/** Longer than one delivery may take. */
const SETTLE = 15_000;
const SETTLE_PAUSE = 20;

export function createTeller(parts: TellerParts): Teller {
  const { clock, tellings, hooks, known, compose, deliver, lookAfter, report, fatal } = parts;
  const alarms = createAlarmCheck({ clock, tellings, hooks, known, deliveriesOf });
  /** By hook. */
  const busy = new Map<string, Promise<void>>();
  /** By delivery: how it went, where that could not be written down, as on a full disk. It is not sent again for that. */
  const unrecorded = new Map<number, string | undefined>();
  let woken = new AbortController();
  let failure: { readonly cause: unknown } | undefined;
  let trouble: string | undefined;
  let isRegistered = false;
  let isIdle = false;
  /** The hook that was served last: the next in turn goes first. */
  let turn = 0;

  async function deliveriesOf(happening: Happening, wanted: readonly Hook[]): Promise<readonly NewDelivery[]> {
    if (wanted.length === 0) return [];
    const { id: eventId, definition } = happening;
    const body = await compose(happening);
    return wanted.map(({ id, label }) => ({ namespace: namespaceIn(definition.key), hook: id, label, eventId, definition: definition.name, body }));
  }

  async function expand(): Promise<void> {
    const news = tellings.news(NEWS);
    if (news.length === 0) return;
    const since = tellings.since();
    const deliveries: NewDelivery[] = [];
    for (const one of news) {
      const wants = (happening: Happening) => (hook: Hook): boolean =>
        hook.kind === KIND_OF[happening.event] && isAbout(hook, happening.definition.name) && one.id > since(namespaceIn(one.definition), hook.id);
      for (const happening of happeningsIn(one)) deliveries.push(...(await deliveriesOf(happening, hooks.filter(wants(happening)))));
    }
    failpoint('telling.composed');
    tellings.expand(news.map(({ id }) => id), deliveries, clock.now());
    failpoint('telling.committed');
    if (news.length === NEWS) wake();
  }
  function happeningsIn(news: News): readonly Happening[] {
    return happeningsOf(news, (key) => known.get(key) ?? { name: key.slice(key.indexOf('/') + 1), key, path: null });
  }

  function begin(signal: AbortSignal): void {
    const now = clock.now();
    for (let index = 0; index < hooks.length && busy.size < AT_ONCE; index += 1) {
      const hook = hooks[(turn + index) % hooks.length] as Hook;
      if (busy.has(hook.id)) continue;
      const delivery = tellings.due(hook.id, now, hook.retry.maxDelay + LONGEST_SLEEP);
      if (delivery !== undefined) busy.set(hook.id, send(hook, delivery, signal).catch(fail).finally(() => busy.delete(hook.id)).then(wake));
    }
    turn += 1;
  }
  async function send(hook: Hook, delivery: Delivery, signal: AbortSignal): Promise<void> {
    try {
      if (!unrecorded.has(delivery.id)) unrecorded.set(delivery.id, await deliver(hook, delivery, signal));
      failpoint('telling.sent');
      record(hook, delivery, unrecorded.get(delivery.id));
      unrecorded.delete(delivery.id);
    } catch (cause) {
      if (signal.aborted) return;
      meet(cause);
      await clock.sleep(PAUSE_IN_TROUBLE, signal);
    }
  }
  function record(hook: Hook, { id, tries, eventId, definition }: Delivery, problem: string | undefined): void {
    if (problem === undefined) return tellings.delivered(id);
    const [now, tried] = [clock.now(), tries + 1];
    const pause = pauseAfter(hook, tried);
    if (pause !== undefined) return tellings.putOff(id, tried, new Date(now.getTime() + pause), problem);
    tellings.giveUp(id, tried, now, problem);
    report({ event: 'untold', definition, hook: hook.label, id: eventId, tries: tried, problem });
  }

  function register(): void {
    const gone = tellings.registerHooks(hooks.map(({ id }) => id));
    for (const { label, dropped } of gone) report({ event: 'untold', definition: undefined, hook: label, id: undefined, tries: undefined, problem: `${dropped} ${dropped === 1 ? 'event is' : 'events are'} not told: the hook is not in the configuration any more` });
    isRegistered = true;
  }

  async function round(signal: AbortSignal): Promise<number> {
    if (!isRegistered) register();
    await expand();
    const nextLook = await alarms.look();
    const nextLookAfter = await lookAfter();
    begin(signal);
    // The end of a delivery wakes us: what waits behind it need not be known.
    const next = tellings.nextAt(hooks.map(({ id }) => id).filter((id) => !busy.has(id)));
    const nextTry = next === undefined ? Infinity : next.getTime() - clock.now().getTime();
    isIdle = nextTry > 0 && busy.size === 0 && tellings.news(1).length === 0;
    return Math.min(LONGEST_SLEEP, nextLook, nextLookAfter, busy.size < AT_ONCE || nextTry > 0 ? nextTry : Infinity);
  }
  function meet(cause: unknown): void {
    if (!isJobError(cause) || fatal.includes(cause.code)) throw cause;
    if (trouble !== cause.code) report({ event: 'trouble', error: cause });
    trouble = cause.code;
  }
  function pass(): void {
    if (trouble !== undefined && unrecorded.size === 0) {
      report({ event: 'recovered', code: trouble });
      trouble = undefined;
    }
  }
  function wake(): void {
    woken.abort();
  }
  function fail(cause: unknown): void {
    if (!(cause instanceof DOMException && cause.name === 'AbortError')) failure ??= { cause };
  }

  return {
    wake,
    async run(signal) {
      signal.addEventListener('abort', wake, { once: true });
      // Without hooks nothing is left to do when the store knows that.
      const isOver = (): boolean => signal.aborted || (isRegistered && hooks.length === 0);
      while (!isOver()) {
        woken = new AbortController();
        let pause = PAUSE_IN_TROUBLE;
        try {
          pause = Math.max(SHORTEST_SLEEP, await round(signal));
          pass();
        } catch (cause) {
          meet(cause);
        }
        if (failure !== undefined) throw failure.cause;
        if (!isOver()) await clock.sleep(pause, woken.signal).catch(() => {});
      }
      await Promise.all(busy.values());
      if (failure !== undefined) throw (failure as { readonly cause: unknown }).cause;
    },
    async settle() {
      isIdle = hooks.length === 0;
      wake();
      const isOver = (): boolean => isIdle;
      for (const end = clock.monotonic() + SETTLE; !isOver() && clock.monotonic() < end; ) await clock.sleep(SETTLE_PAUSE);
    },
  };
}

function namespaceIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
