/** A signal for one wait: it fires with a longer one, or by hand. */
export interface Cut extends Disposable {
  readonly signal: AbortSignal;
  readonly cut: () => void;
}

/** `AbortSignal.any` leaves a trace in the longer one for each wait, in some versions of Node; and a worker waits for months. */
export function cutBy(longer: AbortSignal): Cut {
  const own = new AbortController();
  const cut = (): void => own.abort();
  if (longer.aborted) cut();
  longer.addEventListener('abort', cut, { once: true });
  return { signal: own.signal, cut, [Symbol.dispose]: () => longer.removeEventListener('abort', cut) };
}
