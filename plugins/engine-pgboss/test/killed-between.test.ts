/** Each call of an engine is one transaction. A kill just before or just after any of them loses nothing, and doubles nothing. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { enginesOfThisFile } from './engines.ts';
import { newId } from './jobs.ts';
import { live } from './life.ts';

const file = enginesOfThisFile();
const program = fileURLToPath(new URL('programs/life.ts', import.meta.url));
/** One after the other. Every night all of them; else that of the end of the first attempt. */
const COMMITS = Array.from({ length: 14 }, (_, index) => index + 1);
const some = process.env['NIGHTSHIFT_NIGHTLY'] === '1' ? COMMITS : [8];

describe('a life that is killed', () => {
  test.each([...some.map((hit) => ['just before', 'engine.commit', hit] as const), ...some.map((hit) => ['just after', 'engine.committed', hit] as const)])('%s a commit (%s, the %ith) is lived to its end by another, once', async (_when, point, hit) => {
    const engine = await file.open({ lease: 250 });
    const [jobId, runId] = [newId(), newId()];
    const { signal, status } = spawnSync(process.execPath, ['--conditions=failpoints', '--conditions=source', '--no-warnings', program, JSON.stringify(engine.options), jobId, runId], {
      env: { ...process.env, NIGHTSHIFT_FAILPOINTS: `${point}:${hit}=kill` }, stdio: ['ignore', 'inherit', 'inherit'],
    });
    // The last ones come after its end.
    expect(signal ?? status).toBe(hit <= COMMITS.length - 2 ? 'SIGKILL' : signal ?? 0);
    await live(engine, jobId, runId);

    const [job, run, ...others] = await engine.store.find({});
    expect([job, run].map((one) => [one?.instanceId, one?.state, one?.attempt, one?.exitCode])).toEqual([[jobId, 'Completed', 2, 0], [runId, 'Completed', 2, 0]]);
    expect(others).toEqual([]);
    expect((await engine.store.attempts(runId)).map(({ attempt }) => attempt)).toEqual([1]);
    for (const attempt of [1, 2]) expect(Buffer.from(await engine.output.read({ instanceId: runId, attempt, channel: 'stdout', offset: 0, limit: 1_000 })).toString()).toBe(`one\nof attempt ${attempt}\n`);
    expect(await engine.queue.depth('default')).toMatchObject({ queued: 0, active: 0 });
    expect((await file.database().query("SELECT state FROM nightshift_boss.job WHERE state IN ('created', 'retry', 'active')")).rows).toEqual([]);
  }, 60_000);
});
