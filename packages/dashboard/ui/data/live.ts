import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ServerEvent } from '../../src/api.ts';
import { after, heardTime } from '../clock.ts';

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

/** One stream for all pages. The browser itself comes back after a short loss; after a refusal, or a `bye`, we do. `again`: it has come back, maybe to another server, or is refused, for that may not know us any more. */
export function startLive(again: () => void): void {
  let version: string | undefined;
  effect(() => {
    const id = followed.value;
    const source = open(id === undefined ? '/api/events' : `/api/events?follow=${encodeURIComponent(id)}`, again, (event) => {
      if (event.is === 'hello') {
        heardTime(event.at);
        // Another version has other pages.
        if (version !== undefined && version !== event.version) return location.reload();
        if (version !== undefined) again();
        version = event.version;
      }
      for (const listen of listeners) listen(event);
    });
    return () => source.close();
  });
}

function open(url: string, refused: () => void, tell: (event: ServerEvent) => void): { close(): void } {
  let source: EventSource;
  let giveUp = (): void => {};
  const connect = (): void => {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      state.value = 'live';
    });
    source.addEventListener('message', ({ data }) => tell(JSON.parse(data as string) as ServerEvent));
    source.addEventListener('error', () => {
      state.value = 'lost';
      if (source.readyState !== EventSource.CLOSED) return;
      refused();
      giveUp = after(3_000, connect);
    });
  };
  connect();
  return {
    close() {
      giveUp();
      source.close();
    },
  };
}
