import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, newPlace, waitFor } from './product.ts';

const hasScript = isInstalled('script');
const CLEAR = '\u001B[H\u001B[2J';

describe.skipIf(!hasScript)('get-job --watch', () => {
  test('draws the jobs again and again on a terminal, and ends with 130 at Ctrl-C', async () => {
    const place = newPlace();
    await place.start('--name', 'watched', 'until [ -e go ]; do sleep 0.05; done');
    const log = join(place.root, 'typescript');
    const drawn = () => contentOf(log).split(CLEAR).slice(1);
    writeFileSync(join(place.work, 'watch.sh'), 'get-job --watch & watcher=$!\nuntil [ -e enough ]; do sleep 0.05; done\nkill -INT $watcher\nwait $watcher; echo "exit $?"\n');
    const watching = place.run('script', ['-qefc', 'sh watch.sh', log], { env: { TERM: 'xterm' } });
    await waitFor('it shows the running job', () => drawn().join(''), (text) => /watched .* Running/.test(text));
    writeFileSync(join(place.work, 'go'), '');
    await waitFor('it shows the completed job', () => drawn().at(-1) ?? '', (text) => /watched .* Completed/.test(text));
    writeFileSync(join(place.work, 'enough'), '');
    await watching;
    expect(drawn().length).toBeGreaterThanOrEqual(2);
    expect(drawn().at(-1)).toContain('exit 130\r\n');
    expect(await place.job(1)).toMatchObject({ state: 'Completed' });
  });

  test('of jobs that are not there says so each time, and goes on', async () => {
    const place = newPlace();
    const log = join(place.root, 'typescript');
    writeFileSync(join(place.work, 'watch.sh'), 'get-job 1 --watch & watcher=$!\nuntil [ -e enough ]; do sleep 0.05; done\nkill -INT $watcher\nwait $watcher; echo "exit $?"\n');
    const watching = place.run('script', ['-qefc', 'sh watch.sh', log], { env: { TERM: 'xterm' } });
    await waitFor('it says that there is none', () => contentOf(log), (text) => text.includes('JobWithSpecifiedSessionNotFound'));
    await place.start('--name', 'late', 'true');
    await waitFor('it shows the job', () => contentOf(log), (text) => text.includes('late'));
    writeFileSync(join(place.work, 'enough'), '');
    await watching;
    expect(contentOf(log)).toContain('exit 130\r\n');
  });
});

test.each(['a pipe', 'a file'])('get-job --watch into %s is refused', async (target) => {
  const place = newPlace();
  const { stderr, stdout } = await place.run('sh', ['-c', target === 'a pipe' ? 'get-job --watch | cat' : 'get-job --watch > file; echo "exit $?"']);
  expect(stderr).toMatch(/^get-job: InvalidParameterCombination: .*--watch/);
  if (target === 'a file') expect(stdout).toBe('exit 2\n');
});

/** With its line ends, so far as it is there. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
