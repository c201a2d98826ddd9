import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { controlFolder } from '../src/client/control-folder.ts';

const user = process.getuid?.();

function runtimeFolder(): string {
  const folder = mkdtempSync('/tmp/ns-cf-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('connections are kept in a private folder below XDG_RUNTIME_DIR', () => {
  const folder = runtimeFolder();
  expect(controlFolder({ XDG_RUNTIME_DIR: folder })).toBe(join(folder, `nightshift-ssh-${user}`));
});

test.each([
  ['that others may enter', (place: string) => { mkdirSync(place); chmodSync(place, 0o755); }],
  ['that is a link', (place: string) => { mkdirSync(`${place}-other`, { mode: 0o700 }); symlinkSync(`${place}-other`, place); }],
])('and not in one %s', (_, make) => {
  const folder = runtimeFolder();
  make(join(folder, `nightshift-ssh-${user}`));
  expect(controlFolder({ XDG_RUNTIME_DIR: folder })).not.toContain(folder);
});

test.skipIf(user !== 0)('and not in one that lies in the folder of another user', () => {
  const folder = runtimeFolder();
  chownSync(folder, 1, 1);
  expect(controlFolder({ XDG_RUNTIME_DIR: folder })).not.toContain(folder);
});
