import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';

const MODULE = new URL('../../src/launch/code-host/told-secrets.ts', import.meta.url).href;
/** Tells what it has heard, or the error, and whether the descriptor is open still. */
const HEARS = `import { fstatSync } from 'node:fs'; import { hearSecrets } from ${JSON.stringify(MODULE)};
const open = () => { try { fstatSync(4); return true; } catch { return false; } };
try { const told = hearSecrets(); console.log(JSON.stringify({ told, open: open() })); } catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, open: open() })); }`;

/** What a host says that is told this text, by somebody who is gone then. */
async function heard(text: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '-e', HEARS], { stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe'] });
  const descriptor = child.stdio[4] as Writable;
  descriptor.end(text, () => descriptor.destroy());
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => (said += String(bytes)));
  await once(child, 'close');
  return JSON.parse(said);
}

test('a host hears secrets of any letters, as many as there may be, and its descriptor is closed then', async () => {
  const told = { secrets: { TOKEN: 'ä"\n\u0001', LARGE: 'x'.repeat(65_000) }, variables: { A: '1' } };
  expect(await heard(JSON.stringify(told))).toEqual({ told, open: false });
});

test.each([['nothing', ''], ['a part', '{"secrets":{"TOKEN":"canary']])('a host that was told %s has not heard, and does not repeat it', async (_, text) => {
  expect(await heard(text)).toEqual({ code: 'SpawnFailed', message: 'whoever started the run was cut off before it had told the values of its secrets', open: false });
});
