// Writes the invoices of a month, one numbered text file for each customer.
//
//   CUSTOMERS   lines of  number;name;street;city;item;net amount  below a headline; no quotes, amounts such as 49.90
//   TO          folder of the invoices. Empty: a sample folder
//   VAT         percent (19)
//   TIME_ZONE   in which it is decided what month it is (that of this machine)
//   MONTH       2026-11: this month, whatever the calendar says. Empty: the month for which the job was due
//
// Numbers have no gaps. A customer never gets two invoices for one month, however often this runs: what is there is left
// alone, so a run that was cut off is simply started again. Exit code 0: every customer has one. 1: failed, with what is
// there being whole. 2: an option or a line of CUSTOMERS is wrong, and nothing was written.

import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const INVOICE = /^invoice-(?<number>\d{6})_(?<month>\d{4}-\d{2})_(?<customer>[\w-]+)\.txt$/;
const LINE = /^(?<customer>[\w-]+);(?<name>[^;]+);(?<street>[^;]+);(?<city>[^;]+);(?<item>[^;]+);(?<amount>\d{1,9}\.\d{2})$/;
const WIDTH = 60;

async function run() {
  const { customers, to, vat, date } = await readOptions(process.env);
  const month = date.slice(0, 7);
  await mkdir(to, { recursive: true, mode: 0o700 });
  const alone = lock(to);
  try {
    const { written, there, last } = await writeMissing(to, month, customers, { vat, date });
    console.log(`invoice-run: ${month}: ${written} written${written > 0 ? ` (to number ${inSix(last)})` : ''}, ${there} there already, ${to}`);
  } finally {
    alone.close();
  }
}

async function writeMissing(folder, month, customers, { vat, date }) {
  const invoices = (await readdir(folder)).map((name) => INVOICE.exec(name)?.groups).filter((groups) => groups !== undefined);
  const done = new Set(invoices.filter((invoice) => invoice.month === month).map(({ customer }) => customer));
  const missing = customers.filter(({ customer }) => !done.has(customer));
  let last = Math.max(0, ...invoices.map(({ number }) => Number(number)));
  for (const customer of missing) {
    last += 1;
    await write(folder, `invoice-${inSix(last)}_${month}_${customer.customer}.txt`, invoiceOf({ ...customer, number: last, vat, date }));
  }
  return { written: missing.length, there: customers.length - missing.length, last };
}

async function readOptions({ CUSTOMERS, TO, VAT = '19', TIME_ZONE, MONTH, NIGHTSHIFT_DUE_AT }) {
  if (!/^\d{1,2}$/.test(VAT)) throw refusal(`VAT must be a whole percentage, not ${JSON.stringify(VAT)}`);
  if (!CUSTOMERS) throw refusal('CUSTOMERS must name the file of the customers');
  const customers = customersOf(await readFile(CUSTOMERS, 'utf8').catch((error) => Promise.reject(refusal(`CUSTOMERS cannot be read: ${error.message}`))));
  return { customers, to: TO || sampleFolder(), vat: Number(VAT), date: MONTH ? lastDayOf(MONTH) : dateOf(NIGHTSHIFT_DUE_AT, TIME_ZONE) };
}

function customersOf(text) {
  const lines = text.split(/\r?\n/).slice(1).filter((line) => line.trim() !== '');
  const customers = lines.map((line) => LINE.exec(line)?.groups ?? { wrong: line });
  const wrong = customers.find(({ wrong }) => wrong !== undefined);
  if (wrong !== undefined) throw refusal(`this line of CUSTOMERS is not number;name;street;city;item;net amount: ${JSON.stringify(wrong.wrong)}`);
  const twice = customers.find(({ customer }, index) => customers.findIndex((other) => other.customer === customer) < index);
  if (twice !== undefined) throw refusal(`two customers have the number ${twice.customer}`);
  return customers;
}

/** The day on which the job was due, not the one on which it was caught up: a machine that was off bills the right month. */
function dateOf(due, timeZone) {
  try {
    return new Intl.DateTimeFormat('en-CA', { ...(timeZone ? { timeZone } : {}), year: 'numeric', month: '2-digit', day: '2-digit' }).format(due ? new Date(due) : new Date());
  } catch {
    throw refusal(`TIME_ZONE must be a name such as Europe/Berlin, not ${JSON.stringify(timeZone)}`);
  }
}

function lastDayOf(month) {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (number === undefined) throw refusal(`MONTH must be a year and a month, such as 2026-11, not ${JSON.stringify(month)}`);
  return new Date(Date.UTC(Number(year), Number(number), 0)).toISOString().slice(0, 10);
}

// Two at a time would give a number twice. SQLite's lock ends with its process, however that ends.
function lock(folder) {
  const guard = new DatabaseSync(join(folder, '.lock'));
  try {
    guard.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    throw Object.assign(new Error(`another run is writing to ${folder} (${error.message})`), { exitCode: 1 });
  }
  return guard;
}

function invoiceOf({ number, date, name, street, city, item, amount, vat }) {
  const net = Number(amount.replace('.', '')); // in cents: sums of money are whole numbers
  const tax = Math.round((net * vat) / 100);
  return [
    columns(`Invoice ${date.slice(0, 4)}-${inSix(number)}`, date),
    '',
    name,
    street,
    city,
    '',
    columns(`${item}, ${date.slice(0, 7)}`, money(net)),
    columns(`VAT ${vat} %`, money(tax)),
    columns('Total', money(net + tax)),
    '',
  ].join('\n');
}

const columns = (left, right) => `${left.padEnd(WIDTH - right.length)}${right}`;
const money = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
const inSix = (number) => String(number).padStart(6, '0');

async function write(folder, name, text) {
  const partial = join(folder, `.${name}.partial`);
  await writeFile(partial, text, { flush: true });
  await rename(partial, join(folder, name));
}

function sampleFolder() {
  const folder = join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'nightshift-examples', 'invoice-run');
  console.log(`::notice::TO is empty: the invoices go to a sample folder, ${folder}`);
  return folder;
}

const refusal = (message) => Object.assign(new Error(message), { exitCode: 2 });

function explain(error) {
  console.error(`invoice-run: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = (await run().catch(explain)) ?? 0;
