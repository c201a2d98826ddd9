import type { Clock } from '@nightshift/sdk';
import type { Troubles } from '@nightshift/scheduler';

/** Milliseconds after which an answer is missed. */
const LATE = 5_000;

/** Tells of an answer that does not come, and waits for it on: a server that is cut off refuses nothing, it is silent. Who calls tells that it came. */
export async function tellingLate<T>(troubles: Pick<Troubles, 'say'>, clock: Clock, place: string, act: () => Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleep(LATE, answered.signal).then(() => troubles.say(place, { code: 'StoreUnavailable', message: `the engine has not answered for ${LATE / 1_000} seconds`, hint: 'is its server there, and can it be reached from here?' }), () => {});
  try {
    return await act();
  } finally {
    answered.abort();
    await late;
  }
}
