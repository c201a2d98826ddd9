import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFINITIONS, filesIn, newProject } from './example-run.ts';

function newOffice(values: Record<string, string> = {}) {
  const project = newProject();
  project.change('InvoiceRun', { TO: '../invoices', MONTH: '2026-11', ...values });
  const invoices = () => filesIn(project.path('invoices')).filter((name) => !name.startsWith('.'));
  return { ...project, invoices };
}

const NOVEMBER = ['invoice-000001_2026-11_1001.txt', 'invoice-000002_2026-11_1002.txt', 'invoice-000003_2026-11_1003.txt'];
const DECEMBER = ['invoice-000004_2026-12_1001.txt', 'invoice-000005_2026-12_1002.txt', 'invoice-000006_2026-12_1003.txt'];

describe('the invoices of a month', () => {
  test('are one file for each customer, with sums to the cent', async () => {
    const office = newOffice();
    expect(await office.start('InvoiceRun')).toMatchObject({ code: 0, stderr: '', last: expect.stringMatching(/^invoice-run: 2026-11: 3 written \(to number 000003\), 0 there already, /) });
    expect(office.invoices()).toEqual(NOVEMBER);
    expect(readFileSync(office.path('invoices', NOVEMBER[2] as string), 'utf8').split('\n')).toEqual([
      'Invoice 2026-000003                               2026-11-30', '', 'Café Müster', '3 Market Square', '10117 Berlin', '',
      'Hosting, 2026-11                                        9.95', 'VAT 19 %                                                1.89', 'Total                                                  11.84', '',
    ]);
  });

  test('are never written twice', async () => {
    const office = newOffice();
    await office.start('InvoiceRun');
    const before = readFileSync(office.path('invoices', NOVEMBER[0] as string));
    office.change('InvoiceRun', { VAT: '20' });
    expect((await office.start('InvoiceRun')).last).toMatch(/: 0 written, 3 there already, /);
    expect(office.invoices()).toEqual(NOVEMBER);
    expect(readFileSync(office.path('invoices', NOVEMBER[0] as string))).toEqual(before);
  });

  test('continue the numbers of the month before', async () => {
    const office = newOffice();
    await office.start('InvoiceRun');
    office.change('InvoiceRun', { MONTH: '2026-12' });
    await office.start('InvoiceRun');
    expect(office.invoices()).toEqual([...NOVEMBER, ...DECEMBER]);
  });

  test('are completed by the next run after one that was cut off, without a gap', async () => {
    const office = newOffice();
    await office.start('InvoiceRun');
    for (const name of NOVEMBER.slice(1)) rmSync(office.path('invoices', name));
    office.put(`invoices/.${NOVEMBER[1]}.partial`, 'half an inv');
    expect((await office.start('InvoiceRun')).last).toMatch(/: 2 written \(to number 000003\), 1 there already, /);
    expect(filesIn(office.path('invoices'))).toEqual(['.lock', ...NOVEMBER]);
  });
});

test('the month is the one for which the job was due, in the zone of the books, not the one in which it is caught up', () => {
  const project = newProject();
  const monthOf = (NIGHTSHIFT_DUE_AT: string, TIME_ZONE: string) => {
    const said = execFileSync(process.execPath, [join(DEFINITIONS, 'scripts/invoice-run.mjs')], { cwd: DEFINITIONS, env: { ...project.env, NIGHTSHIFT_DUE_AT, TIME_ZONE, CUSTOMERS: 'samples/invoice-run/customers.csv', TO: project.path('invoices') }, encoding: 'utf8' });
    return said.split(': ')[1];
  };
  expect(monthOf('2026-09-30T16:00:00.000Z', 'Europe/Berlin')).toBe('2026-09');
  expect(monthOf('2026-10-31T23:30:00.000Z', 'Europe/Berlin')).toBe('2026-11');
  expect(monthOf('2026-11-01T01:00:00.000Z', 'America/New_York')).toBe('2026-10');
});

test('a second run at the same time gives up before it writes', async () => {
  const office = newOffice();
  await office.start('InvoiceRun');
  const other = new DatabaseSync(office.path('invoices/.lock'));
  onTestFinished(() => other.close());
  other.exec('BEGIN EXCLUSIVE');
  office.change('InvoiceRun', { MONTH: '2026-12' });
  expect(await office.start('InvoiceRun')).toMatchObject({ code: 1, stderr: expect.stringContaining('invoice-run: another run is writing to ../invoices') });
  expect(office.invoices()).toEqual(NOVEMBER);
});

describe('nothing is written, and the code is 2,', () => {
  const customers = (lines: string) => ({ customers: `number;name;street;city;item;net amount\n${lines}` });
  test.each([
    ['when a line of the customers is wrong', {}, customers('1;A;B;C;D;10.00\n2;A;B;C;D;10'), 'this line of CUSTOMERS is not number;name;street;city;item;net amount: "2;A;B;C;D;10"'],
    ['when two customers have one number', {}, customers('1;A;B;C;D;10.00\n1;B;B;C;D;10.00'), 'two customers have the number 1'],
    ['when the customers are not there', { CUSTOMERS: 'none.csv' }, {}, "CUSTOMERS cannot be read: ENOENT: no such file or directory, open 'none.csv'"],
    ['when the month is none', { MONTH: '2026-13' }, {}, 'MONTH must be a year and a month, such as 2026-11, not "2026-13"'],
    ['when the zone is none', { MONTH: '', TIME_ZONE: 'Berlin' }, {}, 'TIME_ZONE must be a name such as Europe/Berlin, not "Berlin"'],
    ['when the VAT is none', { VAT: '19%' }, {}, 'VAT must be a whole percentage, not "19%"'],
  ])('%s', async (_, values, files: { customers?: string }, sentence) => {
    const office = newOffice();
    if (files.customers !== undefined) office.put('definitions/own.csv', files.customers);
    office.change('InvoiceRun', { ...(files.customers === undefined ? {} : { CUSTOMERS: 'own.csv' }), ...values });
    expect(await office.start('InvoiceRun')).toMatchObject({ code: 2, errors: [`invoice-run: ${sentence}`, expect.anything()] });
    expect(office.invoices()).toEqual([]);
  });
});
