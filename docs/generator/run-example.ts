import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorExample } from './error-examples.ts';

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
/** The folder of somebody who reads the page. */
const HOME = '/home/you';

/** What the built product prints to the line of an example, in a home and a folder of its own. */
export function printed({ files = {}, before = ':', line, after = ':' }: ErrorExample): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-docs-')));
  const folder = join(home, 'project');
  try {
    mkdirSync(folder);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const script = `{ ${before}\n} >/dev/null 2>&1\n${line}\n{ ${after}\n} >/dev/null 2>&1\n`;
    const env = { PATH: [BIN, process.env['PATH']].join(delimiter), HOME: home, LANG: 'C.UTF-8', TZ: 'UTC' };
    const { stdout } = spawnSync('/bin/sh', ['-c', `umask 022\nexec 2>&1\n${script}`], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return stdout.replaceAll(home, HOME);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}
