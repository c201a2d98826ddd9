import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isBroken } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createYamlDefinitions, type DefinitionsOptions } from '../src/index.ts';
import { anyTrigger, collect, temporaryFolder, write } from './folder.ts';

const job = 'job: { command: [true] }\n';
const isRoot = process.geteuid?.() === 0;
const stranger = 4_321;

/** The code of the first error, or 'ok', by every way to the file. */
async function outcomes(file: string, options: Partial<DefinitionsOptions> = {}): Promise<readonly string[]> {
  const folder = join(file, '..');
  const source = createYamlDefinitions({ folders: [folder], checkTrigger: anyTrigger, ...options });
  const found = [await source.check(file), ...(await source.find('Nightly', undefined)), ...(await collect(source.list(undefined)))];
  return found.map((one) => (isBroken(one) ? (one.errors[0]?.code ?? '') : 'ok'));
}

const refused = Array.from({ length: 3 }, () => 'DefinitionUnsafe');
const accepted = Array.from({ length: 3 }, () => 'ok');

describe('a definition file', () => {
  test.each([0o600, 0o644, 0o400, 0o755, 0o444])('of mode %o is read', async (mode) => {
    expect(await outcomes(write(join(temporaryFolder(), 'Nightly.yaml'), job, mode))).toEqual(accepted);
  });

  test.each([0o666, 0o646, 0o602, 0o777])('of mode %o, which everybody may write, is refused', async (mode) => {
    expect(await outcomes(write(join(temporaryFolder(), 'Nightly.yaml'), job, mode))).toEqual(refused);
  });

  test('that everybody may write is refused although NIGHTSHIFT_TRUST is set', async () => {
    process.env['NIGHTSHIFT_TRUST'] = '1';
    onTestFinished(() => void delete process.env['NIGHTSHIFT_TRUST']);
    expect(await outcomes(write(join(temporaryFolder(), 'Nightly.yaml'), job, 0o666))).toEqual(refused);
  });

  test("that the user's own primary group may write is read", async () => {
    const file = write(join(temporaryFolder(), 'Nightly.yaml'), job);
    chownSync(file, userInfo().uid, userInfo().gid);
    expect(await outcomes(write(file, job, 0o664))).toEqual(accepted);
  });

  test.skipIf(!isRoot)('that another group may write is refused', async () => {
    const file = write(join(temporaryFolder(), 'Nightly.yaml'), job, 0o664);
    chownSync(file, userInfo().uid, stranger);
    expect(await outcomes(file)).toEqual(refused);
  });

  test.skipIf(!isRoot)('of another owner is refused, unless the owner is a safe one', async () => {
    const file = write(join(temporaryFolder(), 'Nightly.yaml'), job);
    chownSync(file, stranger, userInfo().gid);
    expect(await outcomes(file)).toEqual(refused);
    expect(await outcomes(file, { safeOwners: [stranger + 1] })).toEqual(refused);
    expect(await outcomes(file, { safeOwners: [stranger] })).toEqual(accepted);
  });

  test.skipIf(!isRoot)('of a safe owner is refused when everybody may write it', async () => {
    const file = write(join(temporaryFolder(), 'Nightly.yaml'), job, 0o666);
    chownSync(file, stranger, userInfo().gid);
    expect(await outcomes(file, { safeOwners: [stranger] })).toEqual(refused);
  });

  test('says what is wrong and how to mend it', async () => {
    const file = write(join(temporaryFolder(), 'Nightly.yaml'), job, 0o666);
    const found = await createYamlDefinitions({ folders: [], checkTrigger: anyTrigger }).check(file);
    expect(isBroken(found) && found.errors).toEqual([{ code: 'DefinitionUnsafe', message: `"${file}" can be written by everybody`, file, hint: `chmod o-w ${file}` }]);
  });

  test('says it so that a shell takes the path for a path', async () => {
    const file = write(join(temporaryFolder(), '$(touch a)', "it's", 'Nightly.yaml'), job, 0o666);
    const found = await createYamlDefinitions({ folders: [], checkTrigger: anyTrigger }).check(file);
    expect(isBroken(found) && found.errors[0]?.hint).toBe(`chmod o-w '${file.replace("it's", String.raw`it'\''s`)}'`);
  });
});

describe('something that is no file', () => {
  test('a folder of such a name is refused', async () => {
    const file = join(temporaryFolder(), 'Nightly.yaml');
    mkdirSync(file);
    expect(await outcomes(file)).toEqual(refused);
  });

  test('a pipe is refused without waiting for its other end', async () => {
    const file = join(temporaryFolder(), 'Nightly.yaml');
    execFileSync('mkfifo', [file]);
    expect(await outcomes(file)).toEqual(refused);
  });

  test('a socket is refused', async () => {
    const file = join(temporaryFolder(), 'Nightly.yaml');
    const server = createServer().listen(file);
    await new Promise((resolve) => void server.once('listening', resolve));
    onTestFinished(() => void server.close());
    expect(await outcomes(file)).toEqual(refused);
  });

  test('a device is refused', async () => {
    const found = await createYamlDefinitions({ folders: [], checkTrigger: anyTrigger }).check('/dev/zero');
    expect(isBroken(found) && found.errors[0]?.code).toBe('DefinitionUnsafe');
  });

  test('a file that is missing is not found', async () => {
    const found = await createYamlDefinitions({ folders: [], checkTrigger: anyTrigger }).check(join(temporaryFolder(), 'Nightly.yaml'));
    expect(isBroken(found) && found.errors[0]?.code).toBe('FilePathNotFound');
  });
});

describe('a symbolic link', () => {
  test('that stays in the definition path is followed', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'shared', 'base.yaml'), job);
    symlinkSync(join('shared', 'base.yaml'), join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'))).toEqual(accepted);
  });

  test('belongs to the folder in which it lies, not to that of its target', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'shared', 'base.yaml'), job);
    symlinkSync(join('shared', 'base.yaml'), join(folder, 'Nightly.yaml'));
    const [found] = await createYamlDefinitions({ folders: [folder], checkTrigger: anyTrigger }).find('nightly', undefined);
    expect(found).toMatchObject({ name: 'Nightly', baseFolder: folder });
  });

  test('that leads into another folder of the definition path is followed', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    write(join(other, 'base.yaml'), job);
    symlinkSync(join(other, 'base.yaml'), join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'), { folders: [folder, other] })).toContain('ok');
  });

  test.each([
    ['a file elsewhere', (outside: string) => write(join(outside, 'elsewhere', 'Nightly.yaml'), job)],
    ['a folder with a name that begins alike', (outside: string) => write(join(outside, 'definitions-2', 'Nightly.yaml'), job)],
    ['a file of the system', () => '/etc/hostname'],
    ['a device', () => '/dev/zero'],
  ])('that leaves it is refused: %s', async (_, target) => {
    const outside = temporaryFolder();
    const folder = join(outside, 'definitions');
    mkdirSync(folder);
    symlinkSync(target(outside), join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'))).toEqual(refused);
  });

  test('to an unsafe file inside is refused', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'shared', 'base.yaml'), job, 0o666);
    symlinkSync(join('shared', 'base.yaml'), join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'))).toEqual(refused);
  });

  test('to itself is refused', async () => {
    const folder = temporaryFolder();
    symlinkSync('Nightly.yaml', join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'))).toEqual(refused);
  });

  test('to nowhere is not found', async () => {
    const folder = temporaryFolder();
    symlinkSync('nowhere', join(folder, 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'Nightly.yaml'))).toEqual(Array.from({ length: 3 }, () => 'FilePathNotFound'));
  });

  test('is followed when the definition path itself is one', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'real', 'base.yaml'), job);
    symlinkSync('real', join(folder, 'definitions'));
    symlinkSync('base.yaml', join(folder, 'real', 'Nightly.yaml'));
    expect(await outcomes(join(folder, 'definitions', 'Nightly.yaml'))).toContain('ok');
  });
});

test.skipIf(process.platform !== 'linux')('a file of the system, whose size is said to be 0, is read to its end', async () => {
  const found = await createYamlDefinitions({ folders: [], checkTrigger: anyTrigger }).check('/proc/self/limits');
  expect(isBroken(found) && found.errors[0]?.code).not.toBe('DefinitionEmpty');
});
