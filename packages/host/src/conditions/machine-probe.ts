import type { MachineFact, MachineFacts, MachineProbe } from '@nightshift/scheduler';
import type { Clock } from '@nightshift/sdk';
import { darwinSenses } from './darwin.ts';
import { linuxSenses } from './linux.ts';
import type { Answer, Senses } from './senses.ts';
import { windowsSenses } from './windows.ts';

type ProbeClock = Pick<Clock, 'monotonic' | 'sleep'>;

/** The eyes for the system that this process runs on. `system` is the root of the file system. */
export function machineProbe(system: string, clock: ProbeClock, platform: NodeJS.Platform = process.platform): MachineProbe {
  return probeOf(sensesOf(system, clock, platform), clock);
}

function sensesOf(system: string, clock: ProbeClock, platform: NodeJS.Platform): Senses {
  if (platform === 'darwin') return darwinSenses();
  return platform === 'win32' ? windowsSenses() : linuxSenses(system, () => clock.monotonic());
}

/** For so long an answer is believed, in milliseconds: ten thousand definitions may ask at once. */
const BELIEVED = 1_000;
/** So long a round of the scheduler waits for an answer. */
const DEADLINE = 1_000;
/** An answer that came late, or never, is believed for so long: nobody waits for such a machine more often. */
const BELIEVED_IF_SLOW = 30_000;
/** A program that has said nothing by then is ended. */
const GIVEN_UP = 10_000;

/** Asks through the senses of a system: believes what it has heard for a moment, and never waits longer than a second. */
export function probeOf(senses: Senses, clock: ProbeClock): MachineProbe {
  const network = heard(clock, () => senses.network(GIVEN_UP));
  const onBattery = heard(clock, () => senses.onBattery(GIVEN_UP));
  const idleFor = heard(clock, () => senses.idleFor(GIVEN_UP));
  const nothing = async (): Promise<undefined> => undefined;
  return {
    async ask(facts: ReadonlySet<MachineFact>) {
      const [isNetwork, isOnBattery, idle] = await Promise.all([facts.has('network') ? network() : nothing(), facts.has('battery') ? onBattery() : nothing(), facts.has('idle') ? idleFor() : nothing()]);
      return {
        ...(isNetwork === undefined ? {} : { network: isNetwork }),
        ...(isOnBattery === undefined ? {} : { onBattery: isOnBattery }),
        ...(idle === undefined ? {} : { idleFor: idle }),
      } satisfies MachineFacts;
    },
  };
}

/** The last answer, or a new one where that is too old. While one is on its way past its deadline nothing is known. */
function heard<T>(clock: ProbeClock, ask: () => Answer<T>): () => Promise<T | undefined> {
  let until = -Infinity;
  let answer: T | undefined;
  let coming: Promise<void> | undefined;
  async function listen(): Promise<void> {
    const begun = clock.monotonic();
    try {
      answer = await ask();
    } catch {
      // Whatever went wrong with the question: the answer is that nobody knows.
      answer = undefined;
    }
    const now = clock.monotonic();
    until = now + (now - begun > DEADLINE ? BELIEVED_IF_SLOW : BELIEVED);
    coming = undefined;
  }
  return async () => {
    if (clock.monotonic() < until) return answer;
    if (coming !== undefined) return undefined;
    answer = undefined;
    coming = listen();
    const waiting = new AbortController();
    const tooLong = clock.sleep(DEADLINE, waiting.signal).catch(() => {});
    await Promise.race([coming, tooLong]);
    waiting.abort();
    return answer;
  };
}
