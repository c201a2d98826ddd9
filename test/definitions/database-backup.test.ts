import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { filesIn, newProject } from './example-run.ts';

function newShop(journal = 'delete') {
  const project = newProject();
  const database = project.path('shop.db');
  const shop = new DatabaseSync(database);
  shop.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT); CREATE TABLE "odd ""name" (a)`);
  const order = (item: string) => shop.prepare('INSERT INTO orders (item) VALUES (?)').run(item);
  order('tea');
  project.change('DatabaseBackup', { DATABASE: '../shop.db', TO: '../backups' });
  const backups = () => filesIn(project.path('backups'));
  const rowsOf = (name: string) => {
    const copy = new DatabaseSync(project.path('backups', name), { readOnly: true });
    const rows = copy.prepare('SELECT item FROM orders').all().map(({ item }) => item);
    copy.close();
    return rows;
  };
  return { ...project, database, shop, order, backups, rowsOf };
}

describe('a backup', () => {
  test.each(['delete', 'wal'])('holds what was committed, and not what was not, while another program is writing (%s)', async (journal) => {
    const shop = newShop(journal);
    if (journal === 'wal') shop.shop.exec("BEGIN; INSERT INTO orders (item) VALUES ('not yet')");
    expect(await shop.start('DatabaseBackup')).toMatchObject({ code: 0, last: expect.stringMatching(/^database-backup: 2 tables, 1 row, verified, /) });
    shop.shop.close();
    const [name = '', ...others] = shop.backups();
    expect(name).toMatch(/^shop-\d{8}T\d{6}\.\d{3}Z\.db$/);
    expect(others).toEqual([]);
    expect(shop.rowsOf(name)).toEqual(['tea']);
  });

  test('is one of KEEP; older ones go, and nothing else in the folder', async () => {
    const shop = newShop();
    shop.change('DatabaseBackup', { KEEP: '2' });
    const foreign = ['shop-20200101T000000.000Z.db.txt', 'shop-archive.db', 'shop2-20200101T000000.000Z.db'];
    for (const name of foreign) shop.put(`backups/${name}`, 'mine');
    for (const name of ['shop-20200101T000000.000Z.db', 'shop-20200102T000000.000Z.db']) shop.put(`backups/${name}`, 'old');
    expect(await shop.start('DatabaseBackup')).toMatchObject({ code: 0, last: expect.stringMatching(/, 1 older pruned$/) });
    shop.order('bread');
    expect(await shop.start('DatabaseBackup')).toMatchObject({ code: 0, last: expect.stringMatching(/, 1 older pruned$/) });
    const made = shop.backups().filter((name) => !foreign.includes(name));
    expect(made).toHaveLength(2);
    expect(made.map(shop.rowsOf)).toEqual([['tea'], ['tea', 'bread']]);
    expect(shop.backups()).toEqual(expect.arrayContaining(foreign));
  });

  test('of the newest data outlives one that is dated in the future', async () => {
    const shop = newShop();
    shop.change('DatabaseBackup', { KEEP: '1' });
    shop.put('backups/shop-29990101T000000.000Z.db', 'made while the clock was wrong');
    expect((await shop.start('DatabaseBackup')).code).toBe(0);
    expect(shop.backups()).toHaveLength(2);
  });

  test('is for its owner alone where its folder had to be made', async () => {
    const shop = newShop();
    await shop.start('DatabaseBackup');
    expect(statSync(shop.path('backups')).mode & 0o777).toBe(0o700);
  });
});

describe('a backup that cannot be made', () => {
  test('of a damaged database ends with 3, and touches no older one', async () => {
    const shop = newShop();
    shop.change('DatabaseBackup', { KEEP: '1' });
    for (let count = 0; count < 2_000; count += 1) shop.order(`item ${count}`);
    shop.shop.close();
    await shop.start('DatabaseBackup');
    const before = shop.backups();
    const bytes = readFileSync(shop.database);
    bytes.fill(0x58, 4096 * 2, 4096 * 4);
    writeFileSync(shop.database, bytes);
    const run = await shop.start('DatabaseBackup');
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('database-backup: the database is damaged (') });
    expect(shop.backups()).toEqual(before);
    expect(readdirSync(shop.path('backups'))).toEqual(before);
  });

  test('of a database whose index tells another story than its table ends with 3 as well', async () => {
    const shop = newShop();
    shop.shop.exec('CREATE INDEX items ON orders (item)');
    for (let count = 0; count < 200; count += 1) shop.order(`item ${count}`);
    shop.shop.close();
    const bytes = readFileSync(shop.database);
    bytes.write('ITEM', bytes.lastIndexOf('item 150'));
    writeFileSync(shop.database, bytes);
    expect(await shop.start('DatabaseBackup')).toMatchObject({ code: 3, stderr: expect.stringContaining('database-backup: the database is damaged ("row ') });
    expect(readdirSync(shop.path('backups'))).toEqual([]);
  });

  test('of a file that is no database ends with 3', async () => {
    const project = newProject();
    project.put('notes.db', 'dear diary, '.repeat(1_000));
    project.change('DatabaseBackup', { DATABASE: '../notes.db', TO: '../backups' });
    expect(await project.start('DatabaseBackup')).toMatchObject({ code: 3, stderr: expect.stringContaining('file is not a database') });
    expect(readdirSync(project.path('backups'))).toEqual([]);
  });

  test.each([
    [{ DATABASE: '../none.db', TO: '../backups' }, 1, /there is no file "\.\.\/none\.db"; let DATABASE name it, relative to \//],
    [{ DATABASE: '../shop.db' }, 2, /TO must name the folder of the backups/],
    [{ KEEP: '0' }, 2, /KEEP must be a whole number from 1 on, not "0"/],
    [{ DATABASE: '../shop.db', TO: '../a-file' }, 1, /EEXIST|ENOTDIR/],
  ])('with %j ends with %i', async (values, code, sentence) => {
    const project = newProject();
    project.put('a-file', '');
    cpSync(project.path('a-file'), project.path('shop.db'));
    project.change('DatabaseBackup', values);
    const run = await project.start('DatabaseBackup');
    expect(run).toMatchObject({ code, errors: [expect.stringMatching(sentence), `the command exited with code ${code}`] });
  });
});

test('what a killed run left behind goes a day later', async () => {
  const project = newProject();
  mkdirSync(project.path('backups'));
  project.put('backups/.shop-20200101T000000.000Z.partial', 'half', 2);
  project.put('backups/.shop-20200102T000000.000Z.partial', 'half, and perhaps in use');
  new DatabaseSync(project.path('shop.db')).close();
  project.change('DatabaseBackup', { DATABASE: '../shop.db', TO: '../backups' });
  expect((await project.start('DatabaseBackup')).code).toBe(0);
  expect(readdirSync(project.path('backups')).filter((name) => name.startsWith('.'))).toEqual(['.shop-20200102T000000.000Z.partial']);
});
