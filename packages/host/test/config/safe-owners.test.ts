import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { complaintOf, temporaryFolder, write } from '../folder.ts';

const STRANGER = 54_321;

/** A project whose configuration belongs to somebody else. Only root can give files away. */
function place() {
  const root = temporaryFolder();
  const [project, home] = [join(root, 'project'), join(root, 'home')];
  mkdirSync(join(project, '.git'), { recursive: true });
  const file = write(join(project, 'nightshift.yaml'), 'namespace: ops');
  chownSync(file, STRANGER, STRANGER);
  const read = (variables: Record<string, string> = {}, configFile?: string) =>
    readConfig({ workingDirectory: project, environment: { HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...variables }, warn: () => {}, ...(configFile === undefined ? {} : { configFile }) });
  return { root, file, read, own: (text: string) => write(join(home, '.config/nightshift/config.yaml'), text, 0o600) };
}

describe.skipIf(process.getuid?.() !== 0)("a configuration of somebody else's", () => {
  test.each(['', 'safeOwners: []', `safeOwners: [${STRANGER + 1}]`])('is refused where the user says: %s', async (text) => {
    const { own, read } = place();
    own(text);
    expect(await complaintOf(() => read())).toMatchObject({ code: 'ConfigUnsafe' });
    expect(await complaintOf(() => read({ NIGHTSHIFT_TRUST: '1' }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test('is refused although it says itself that its owner is safe', async () => {
    const { file, read } = place();
    write(file, `safeOwners: [${STRANGER}]`);
    expect(await complaintOf(() => read({ NIGHTSHIFT_TRUST: '1' }))).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test.each([0o666, 0o664])('is refused with mode %o, however safe its owner is', async (mode) => {
    const { file, own, read } = place();
    own(`safeOwners: [${STRANGER}]`);
    chmodSync(file, mode);
    expect(await complaintOf(() => read())).toMatchObject({ code: 'ConfigUnsafe' });
  });

  test('is read where the user says that he is safe, found and named', async () => {
    const { file, own, read } = place();
    own(`safeOwners: [${STRANGER}]`);
    expect(await read()).toMatchObject({ config: { namespace: 'ops', safeOwners: [STRANGER] } });
    expect(await read({}, file)).toMatchObject({ config: { namespace: 'ops' } });
    expect(await read({ NIGHTSHIFT_CONFIG: file })).toMatchObject({ config: { namespace: 'ops' } });
  });
});
