import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ServerEvent } from '../../src/api.ts';
import { after, heardTime } from '../clock.ts';
import { address, pass, Refused } from './ask.ts';

/** Whether what stands on the page is still what is: `live`, or since when the server has been silent. */
export type Connection = 'connecting' | 'live' | 'lost';

const state = signal<Connection>('connecting');
const followed = signal<string | undefined>(undefined);
const listeners = new Set<(event: ServerEvent) => void>();

export const connection: ReadonlySignal<Connection> = state;

/** Hears every event; the answer ends it. */
export function hear(listen: (event: ServerEvent) => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** The job whose log is wanted as it grows; undefined: none. */
export function follow(id: string | undefined): void {
  followed.value = id;
}

/** How long after a loss one tries again. */
const PATIENCE = 3_000;

/** One stream for all pages; after a loss we come back. `again`: the server has come back, and may be another one, or may not know us any more. */
export function startLive(again: () => void): void {
  let version: string | undefined;
  effect(() => {
    const id = followed.value;
    const stream = open(id, again, (event) => {
      if (event.is === 'hello') {
        heardTime(event.at);
        // Another version has other pages.
        if (version !== undefined && version !== event.version) return location.reload();
        if (version !== undefined) again();
        version = event.version;
      }
      for (const listen of listeners) listen(event);
    });
    return () => stream.close();
  });
}

/** Each stream needs a pass of its own, so the browser must not open one again by itself. */
function open(id: string | undefined, refused: () => void, tell: (event: ServerEvent) => void): { close(): void } {
  const ending = new AbortController();
  let source: EventSource | undefined;
  let giveUp = (): void => {};
  const lost = (): void => {
    source?.close();
    if (ending.signal.aborted) return;
    state.value = 'lost';
    giveUp = after(PATIENCE, () => void connect());
  };
  const connect = async (): Promise<void> => {
    try {
      const good = await pass();
      if (ending.signal.aborted) return;
      source = new EventSource(address('/api/events', { follow: id, pass: good }));
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      // Who is not let in any more asks no further.
      return cause.status === 401 ? refused() : lost();
    }
    source.addEventListener('open', () => {
      state.value = 'live';
    });
    source.addEventListener('message', ({ data }) => tell(JSON.parse(data as string) as ServerEvent));
    source.addEventListener('error', lost);
  };
  void connect();
  return {
    close() {
      ending.abort();
      giveUp();
      source?.close();
    },
  };
}
