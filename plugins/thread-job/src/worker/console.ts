import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format } from 'node:util';

/** Where a line goes: the job that runs now, if there is one. */
export type Put = (stream: string, value: unknown) => void;

/**
 * Makes records of what a job prints: log is Output, error Error, warn Warning, info Information, debug Debug; everything else
 * that prints, and what is written to the process's own streams, goes line by line to Output or Error. Source: jobs.md 16.
 */
export function captureConsole(put: Put): { readonly endLines: () => void } {
  const [out, err] = [lines((line) => put('output', line)), lines((line) => put('error', { message: line }))];
  process.stdout.write = writer(out.take);
  process.stderr.write = writer(err.take);
  const others = new Console({ stdout: sink(out.take), stderr: sink(err.take) });
  globalThis.console = Object.assign(others, {
    log: (...words: unknown[]) => put('output', format(...words)),
    error: (...words: unknown[]) => put('error', { message: format(...words) }),
    warn: (...words: unknown[]) => put('warning', format(...words)),
    info: (...words: unknown[]) => put('information', { message: format(...words) }),
    debug: (...words: unknown[]) => put('debug', format(...words)),
  });
  return {
    endLines() {
      out.end();
      err.end();
    },
  };
}

interface Lines {
  take(text: string): void;
  /** A last line counts without its end. */
  end(): void;
}

function lines(put: (line: string) => void): Lines {
  let rest = '';
  return {
    take(text) {
      const whole = (rest + text).split('\n');
      rest = whole.pop() as string;
      for (const line of whole) put(line);
    },
    end() {
      if (rest !== '') put(rest);
      rest = '';
    },
  };
}

function sink(take: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      take(String(chunk));
      done();
    },
  });
}

type Write = typeof process.stdout.write;

function writer(take: (text: string) => void): Write {
  return ((chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') queueMicrotask(() => (callback as () => void)());
    return true;
  }) as Write;
}
