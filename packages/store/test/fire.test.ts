import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openBook, temporaryFolder } from './folder.ts';

const program = fileURLToPath(new URL('programs/fire.ts', import.meta.url));

/** A process that fires one due time, killed at a point of it. */
function fireIn(state: string, failpoint?: string): { readonly signal: string | null; readonly said: string } {
  const { signal, stdout } = spawnSync(process.execPath, ['--conditions=failpoints', '--conditions=source', '--no-warnings', program, state], {
    encoding: 'utf8',
    env: { ...process.env, NIGHTSHIFT_FAILPOINTS: failpoint === undefined ? '' : `${failpoint}:1=kill` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { signal, said: stdout };
}

describe('a scheduler that is killed', () => {
  test.each([
    ['before it fires', 'fire.before', 0],
    ['in the middle of it', 'fire.inTransaction', 0],
    ['just after it fired', 'fire.committed', 1],
  ])('%s leaves all or nothing, and the due time is fired once', async (_when, failpoint, written) => {
    const root = temporaryFolder();
    expect(fireIn(root, failpoint)).toMatchObject({ signal: 'SIGKILL' });
    {
      const { store, firings } = openBook(root);
      expect([await firings.firings({ limit: 9 }), await firings.clocks(), await store.find({ topLevel: true })].map((found) => found.length)).toEqual([written, written, written]);
    }
    expect(fireIn(root)).toEqual({ signal: null, said: written === 1 ? 'already-fired' : 'fired' });
    const { store, firings } = openBook(root);
    expect(await firings.firings({ limit: 9 })).toHaveLength(1);
    const [job] = await store.find({ topLevel: true });
    // An id of a decision that was lost is not given again.
    expect(job?.id).toBe(failpoint === 'fire.inTransaction' ? 3 : 1);
  });
});
