/** A ThreadJob in a host of its own: a pool of one worker. */
import { resolve } from 'node:path';
import type { JobContext, JobOutcome, JobRun, JobStreams, StopReason, StreamName } from '@nightshift/sdk';
import { workerFile } from './hand.ts';
import { createThreadPool, messageOf, type Ending, type PooledJob } from './pool.ts';
import { bodyOf } from './body.ts';
import type { ThreadSpec } from './spec.ts';

/** Whoever runs this sees to the end of the grace period and calls `kill` then. */
const PATIENT = 2 ** 31;

export async function prepareThread(context: JobContext<ThreadSpec>): Promise<JobRun<{ kill: true; persist: true }>> {
  const { spec, workingDirectory, clock, signal } = context;
  const pool = createThreadPool({ clock, worker: workerFile() });
  const folder = spec.workingDirectory === undefined ? workingDirectory : resolve(workingDirectory, spec.workingDirectory);
  let job: PooledJob | undefined;
  return {
    async start(): Promise<JobOutcome> {
      const written = forwarder(context.streams);
      const ending = await new Promise<Ending>((settle) => {
        job = pool.add({
          work: {
            ...bodyOf(spec, folder),
            args: context.argumentList.length > 0 ? context.argumentList : (spec.argumentList ?? []),
            ...(spec.inputObject === undefined ? {} : { input: spec.inputObject }),
            workingDirectory: folder,
            environment: { ...context.environment, ...spec.environment, ...context.secrets },
            gracePeriod: PATIENT,
          },
          begun: () => true,
          wrote: written.take,
          ended: settle,
        });
        signal.addEventListener('abort', () => job?.stop({ reason: signal.reason as StopReason }), { once: true });
        if (signal.aborted) job.stop({ reason: signal.reason as StopReason });
        if (spec.inputObject === undefined) void feed(context.input, job);
      });
      await written.all();
      return outcomeOf(ending);
    },
    kill: async (reason) => job?.stop({ reason, force: true }),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

async function feed(input: AsyncIterable<unknown>, job: PooledJob): Promise<void> {
  for await (const value of input) job.feed([value], false);
  job.feed([], true);
}

/** Lines of the worker become records of the streams, in their order. */
function forwarder(streams: JobStreams): { take(bytes: Uint8Array): void; all(): Promise<void> } {
  const text = new TextDecoder();
  let rest = '';
  let last: Promise<void> = Promise.resolve();
  return {
    take(bytes) {
      const lines = (rest + text.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) {
        const { stream, value } = JSON.parse(line) as { readonly stream: StreamName; readonly value: never };
        last = last.then(() => streams[stream].write(value));
      }
    },
    // A record that is refused fails the job: it would be missing.
    all: () => last,
  };
}

function outcomeOf(ending: Ending): JobOutcome {
  if (ending.state !== 'Failed') return ending;
  const error = Object.assign(new Error(messageOf(ending)), ending.stack === undefined ? {} : { stack: ending.stack });
  return { state: 'Failed', error, ...(ending.exitCode === undefined ? {} : { exitCode: ending.exitCode }) };
}
