import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { thisMachine } from '../src/launch/identity.ts';
import { createStores } from '../src/stores.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

function place(environment: (root: string) => NodeJS.ProcessEnv = () => ({})) {
  const root = temporaryFolder();
  const stores = createStores({ NIGHTSHIFT_STATE_DIR: join(root, 'state'), ...environment(root) });
  onTestFinished(() => stores.close());
  return { root, stores, state: join(root, 'state') };
}
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the stores of a user', () => {
  test('are not made before they are needed', () => {
    const { stores, state } = place();
    expect(stores.state).toBe(state);
    expect(existsSync(state)).toBe(false);
    expect(stores.durable()).toBeUndefined();
    expect(existsSync(state)).toBe(false);
  });

  test('lie in the state folder, private', () => {
    const { stores, state } = place();
    const { root } = stores.session() as unknown as { root: string };
    expect(root).toBe(join(state, 'session', thisMachine().boot));
    expect([state, join(state, 'session'), root].map(modeOf)).toEqual(['700', '700', '700']);
    for (const name of readdirSync(root).filter((one) => statSync(join(root, one)).isFile())) expect(modeOf(join(root, name))).toBe('600');
  });

  test('are opened once each', () => {
    const { stores } = place();
    expect(stores.session()).toBe(stores.session());
    expect(stores.openDurable()).toBe(stores.openDurable());
    expect(stores.durable()).toBe(stores.openDurable());
  });

  test('are opened again after they were closed, and can be closed twice', () => {
    const { stores } = place();
    const first = stores.session();
    stores.close();
    stores.close();
    expect(stores.session()).not.toBe(first);
  });

  test('tighten a state folder that is too wide', () => {
    const { stores, state } = place();
    mkdirSync(state, { mode: 0o755 });
    stores.session();
    expect(modeOf(state)).toBe('700');
  });

  test('do not lie where XDG keeps what is gone at logout', () => {
    const { stores, root } = place((folder) => ({ XDG_RUNTIME_DIR: join(folder, 'run') }));
    mkdirSync(join(root, 'run'), { mode: 0o700 });
    stores.session();
    expect(readdirSync(join(root, 'run'))).toEqual([]);
  });
});

describe('a runtime folder', () => {
  const named = (name = 'runtime') => place((root) => ({ NIGHTSHIFT_RUNTIME_DIR: join(root, name) }));

  test('that is named holds the session store, and is made private', () => {
    const { stores, root } = named();
    expect((stores.session() as unknown as { root: string }).root).toBe(join(root, 'runtime'));
    expect(modeOf(join(root, 'runtime'))).toBe('700');
  });

  test.each([
    ['others may look into', (path: string) => mkdirSync(path, { mode: 0o755 })],
    ['the group may look into', (path: string) => mkdirSync(path, { mode: 0o750 })],
    ['is a file', (path: string) => void write(path, '', 0o700)],
    ['is a link', (path: string) => symlinkSync(temporaryFolder(), path)],
  ])('that %s is refused', async (_, make) => {
    const { stores, root } = named();
    make(join(root, 'runtime'));
    expect(await complaintOf(() => stores.session())).toMatchObject({ code: 'RuntimeFolderUnsafe' });
  });

  test('that is the state folder is refused', async () => {
    expect(await complaintOf(() => named('state').stores.session())).toMatchObject({ code: 'RuntimeFolderUnsafe' });
  });
});
