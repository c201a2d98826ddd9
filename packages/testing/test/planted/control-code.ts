/** Right in every respect: a code type that suspends, is killed, stores checkpoints and writes to all seven streams, and that must pass. */
import { createServer } from 'node:net';
import { defineCodeJobType, type JobOutcome, type StopReason } from '@nightshift/sdk';
import { createGate } from './parts/gate.ts';
import { pause, type Subject, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedControlCode',
  aliases: ['PlantedControlScript'],
  description: 'Writes its items, with a checkpoint after each.',
  runs: 'code',
  capabilities: { suspend: true, kill: true, persist: true },
  spec: workSpec,
  async prepare({ spec, streams, signal, clock, checkpoint, restored }) {
    const killed = new AbortController();
    const ended = AbortSignal.any([signal, killed.signal]);
    const gate = createGate(ended);
    const server = createServer((socket) => socket.end('busy'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

    async function start(): Promise<JobOutcome> {
      const from = (restored as { readonly done: number } | undefined)?.done ?? 0;
      if (ended.aborted) return stopped();
      await streams.verbose.write(`begins after ${from} items`);
      await streams.debug.write(`at ${clock.now().toISOString()}`);
      if (spec.task === 'break') {
        await streams.error.write({ message: 'the task is broken', code: 'PlantedBroken', terminating: true });
        return { state: 'Failed', error: new Error('the task is broken'), exitCode: 3 };
      }
      for (let done = from; spec.task === 'wait' || done < spec.items.length; done++) {
        const item = spec.items[done % spec.items.length] ?? 'nothing';
        const written = await gate.step(async () => {
          await streams.output.write({ item, number: done });
          await checkpoint({ done: done + 1 });
        });
        if (!written) return stopped();
        if (spec.task === 'finish') await streams.progress.write({ activity: 'Writing', percent: Math.min(100, ((done + 1) * 100) / spec.items.length) });
        await pause(clock, 50, ended);
        if (ended.aborted) return stopped();
      }
      await streams.warning.write('nothing is left');
      await streams.information.write({ message: { items: spec.items.length }, tags: ['planted'] });
      return { state: 'Completed' };
    }

    function stopped(): JobOutcome {
      return { state: 'Stopped', reason: String(ended.reason) };
    }

    return {
      start,
      suspend: () => gate.close(),
      async resume() {
        gate.open();
      },
      async kill(reason: StopReason) {
        killed.abort(reason);
      },
      async [Symbol.asyncDispose]() {
        await new Promise<void>((resolve) => void server.close(() => resolve()));
      },
    };
  },
});

/** Nothing is wrong with it. */
export const control: { readonly subject: Subject } = { subject: workSubject(type) };
