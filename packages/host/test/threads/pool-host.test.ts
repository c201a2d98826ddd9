import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openNightshift, type Nightshift, type ThreadRequest } from '../../src/index.ts';
import { systemClock } from '../../src/system-clock.ts';
import { runPoolHost } from '../../src/threads/pool-host.ts';
import { temporaryFolder, until } from '../folder.ts';

interface World {
  readonly nightshift: Nightshift;
  readonly environment: Record<string, string>;
  submit(scriptBlock: string, more?: Partial<ThreadRequest>): Promise<number>;
}

/** `host`: words that start the host of a pool; by default none, and the test is the host itself. */
function world(threadHost: readonly string[] | undefined = ['-e', '0']): World {
  const root = temporaryFolder();
  const environment = { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state') };
  const nightshift = openNightshift({ environment, workingDirectory: root, ...(threadHost === undefined ? {} : { threadHost }) });
  onTestFinished(() => nightshift[Symbol.asyncDispose]());
  return {
    nightshift,
    environment,
    submit: async (scriptBlock, more) => (await (await nightshift.host.threads()).submit({ spec: { scriptBlock }, command: scriptBlock, args: [], input: [], workingDirectory: root, ...more })).id,
  };
}

const host = ({ environment }: World, pool: string, idle: number): Promise<void> => runPoolHost({ pool, environment, clock: systemClock, idle, warn: () => {} });
const threadsFolder = ({ environment }: World): string => {
  const session = join(environment['NIGHTSHIFT_STATE_DIR'] as string, 'session');
  return join(session, existsSync(session) ? (readdirSync(session)[0] as string) : '', 'threads');
};
/** Jobs that wait for their host. */
const waiting = (here: World): number => existsSync(join(threadsFolder(here), 'queue')) ? readdirSync(join(threadsFolder(here), 'queue')).length : 0;

describe('the host of a pool', () => {
  test('158: is gone so long after its last job, and leaves nothing behind', async () => {
    const here = world();
    const gone = host(here, 'default', 100);
    const id = await here.submit('return 1');
    expect((await here.nightshift.waitJob(id))?.[0]?.state).toBe('Completed');
    await gone;
    expect(readdirSync(threadsFolder(here)).filter((name) => /^\d+-/.test(name))).toEqual([]);
    expect(readdirSync(join(threadsFolder(here), 'queue'))).toEqual([]);
  });

  test('is one, however many are started at a moment', async () => {
    const here = world();
    let left = 0;
    const hosts = [1, 2, 3].map(() => host(here, 'default', 2_000).then(() => (left += 1)));
    await until('two have given way', () => left === 2);
    const id = await here.submit('return 1');
    expect((await here.nightshift.waitJob(id))?.[0]?.state).toBe('Completed');
    await Promise.all(hosts);
  });

  test('takes up what waits since before it came, in its order, and no job of another pool', async () => {
    const here = world();
    const submitted = [here.submit('return 1', { throttleLimit: 1 }), here.submit('return 2'), here.submit('return 3', { pool: 'another' })];
    await until('all have their rows', () => waiting(here) === 3);
    const gone = host(here, 'default', 100);
    const [first, second] = await Promise.all(submitted.slice(0, 2));
    const ended = await here.nightshift.waitJob([first as number, second as number]);
    expect(ended?.map(({ state }) => state)).toEqual(['Completed', 'Completed']);
    await gone;
    expect((await here.nightshift.getJobs()).map(({ state }) => state)).toEqual(['Completed', 'Completed', 'NotStarted']);
    const another = host(here, 'another', 100);
    await submitted[2];
    await another;
  });

  test('a job that is stopped while nobody is there never runs', async () => {
    const here = world();
    const submitted = here.submit('return 1');
    await until('it has its row', () => waiting(here) === 1);
    await here.nightshift.stopJob('*');
    expect((await here.nightshift.getJobs(await submitted))[0]).toMatchObject({ state: 'Stopped', reason: 'stopped', beginTime: null });
    await host(here, 'default', 50);
    expect((await here.nightshift.getJobs())[0]?.beginTime).toBeNull();
  });
});
