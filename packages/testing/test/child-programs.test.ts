// A type whose children are programs, some of which watch work elsewhere: in the kit, and in a host in memory.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_VERSION, defineCodeJobType, type ChildCommandRequest, type ChildJob, type JobOutcome, type JobState, type SpecSchema } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTestHost, exerciseJobType } from '../src/index.ts';

interface Spec {
  readonly texts: readonly string[];
  /** A folder that stands for elsewhere: then the program watches it. */
  readonly watches?: string;
}

const isTexts = (value: unknown): value is Spec => Array.isArray((value as Partial<Spec> | null)?.texts) && (value as Spec).texts.every((text) => typeof text === 'string');
const spec: SpecSchema<Spec> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => (isTexts(value) ? { value: { ...value } } : { issues: [{ message: 'it has no list "texts" of texts', path: ['texts'] }] }) },
};

/** It ends when the file `end` is there, and is Disconnected when `away` is. */
const WATCHER = `mine=$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT; cd "$1"; echo "$NIGHTSHIFT_ATTEMPT $2" >>watchers; : >"$mine/started"
trap 'echo "{\\"state\\":\\"Stopped\\"}" >"$mine/outcome.json"; exit' TERM
while [ ! -e end ]; do [ ! -e away ] || { echo 'no route' >"$mine/disconnected"; exit 1; }; sleep 0.05; done
echo '{"state":"Completed","exitCode":0}' >"$mine/outcome.json"`;

function commandOf({ watches }: Spec, text: string): ChildCommandRequest {
  if (watches === undefined) return { command: { argv: ['sh', '-c', text] } };
  const words = (how: string) => ['sh', '-c', WATCHER, 'watcher', watches, how] as const;
  return { name: 'far', command: { argv: words('begin'), reattach: words('again'), commandText: text } };
}

const seen: JobState[] = [];

const far = defineCodeJobType({
  name: 'FarJob', description: 'Has a program for each text.', runs: 'code', capabilities: {}, spec,
  async prepare({ spec: asked, startChild, signal, streams }) {
    return {
      async start(): Promise<JobOutcome> {
        const children: ChildJob[] = [];
        for (const text of asked.texts) {
          if (signal.aborted) break;
          children.push(await startChild(commandOf(asked, text)));
        }
        const stopAll = (): void => children.forEach((child) => void child.stop('parent'));
        signal.addEventListener('abort', stopAll);
        if (signal.aborted) stopAll();
        for (const child of children) for await (const state of child.states()) if (asked.watches !== undefined) seen.push(state);
        const outcomes = await Promise.all(children.map(({ finished }) => finished));
        if (signal.aborted) return { state: 'Stopped', reason: String(signal.reason) };
        await streams.verbose.write('all have ended');
        return outcomes.find(({ state }) => state === 'Failed') ?? { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type: far,
  completes: { texts: ['true', 'true'] },
  fails: { texts: ['true', 'exit 3'] },
  runsUntilStopped: { texts: ['exec sleep 60', 'exec sleep 60'] },
  invalid: [{}, { texts: [1] }],
});

const plugins = [{ name: 'nightshift-plugin-far', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [far] }];

describe('a watcher in a host in memory', () => {
  test('is Disconnected when it goes without an outcome, is taken up by its own words, and its parent sees all of that', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'FarJob', spec: { texts: ['uptime'], watches: elsewhere } });
    await host.waitForState(instanceId, 'Running');
    writeFileSync(join(elsewhere, 'away'), '');
    const child = (await host.jobs.getJobs({}, { children: 'all' })).jobs[1]?.instanceId as string;
    expect(await host.waitForState(child, 'Disconnected')).toMatchObject({ statusMessage: 'no route', command: 'uptime', type: 'FarJob' });
    rmSync(join(elsewhere, 'away'));
    expect(await host.jobs.resumeJobs({ instanceIds: [child] })).toMatchObject({ problems: [], warnings: [], jobs: [{ state: 'Running', attempt: 2 }] });
    writeFileSync(join(elsewhere, 'end'), '');
    await host.waitForState(instanceId, 'Completed');
    expect(seen).toEqual(['Running', 'Disconnected', 'Running', 'Completed']);
  });
});
