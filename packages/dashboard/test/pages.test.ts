import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRow, RunningJob } from '../src/api.ts';
import { CHROMIUM, startBrowser, WITHOUT_CHROMIUM, type Browser, type Look, type Opened } from './browser.ts';
import { INJECTIONS } from './injections.ts';
import { bytesOf, numberedLines } from './stub/log-bytes.ts';
import { startStub, type Stub, type StubOptions } from './stub/server.ts';
import { iso } from './stub/world.ts';

const GIB = 2 ** 30;
const NOON = Date.parse('2026-11-23T12:00:00Z');
const SCREENS = ['/', '/jobs', '/jobs/shop/partnerfeed', '/runs', '/runs/891', '/calendar', '/calendar?view=day', '/system'] as const;
/** The heading, once nothing is waited for. */
const READY = 'main:not(:has(.wait)) h1';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.runIf(process.env['NIGHTSHIFT_TEST_CHROMIUM'] !== undefined)('chromium is there where everything is tested', () => {
  expect(CHROMIUM ?? WITHOUT_CHROMIUM).toBe(CHROMIUM);
});

describe.skipIf(CHROMIUM === undefined)(`the pages (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  let browser: Browser;
  let shared: Stub;
  beforeAll(async () => {
    [browser, shared] = await Promise.all([startBrowser(), startStub({ now: NOON })]);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await shared[Symbol.asyncDispose]();
  });

  const open = (path: string, look?: Look): Promise<Opened> => browser.open(shared.url + path, look);
  const withStub = (options: StubOptions = {}): Promise<Stub> => startStub({ now: NOON, ...options });

  describe('each screen', () => {
    test('stands without a word in the console', async () => {
      const { page, troubles } = await open('/system');
      await page.waitForSelector('h1');
      for (const path of SCREENS) {
        await page.goto(shared.url + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector(READY);
        expect(await page.title()).toMatch(/ · Nightshift$/);
      }
      expect(troubles).toEqual([]);
    });

    test('Now tells what runs and how far it is, what waits and why, what failed, and what is due', async () => {
      const opened = await open('/');
      const { page } = opened;
      const running = page.getByRole('region', { name: 'Running' });
      await running.getByRole('link', { name: 'LongImport' }).waitFor();
      expect(await running.getByRole('progressbar', { name: 'LongImport' }).getAttribute('aria-valuenow')).toBe('67');
      expect(await running.textContent()).toContain('ok  article 41220');
      expect(await running.textContent()).toContain('about 41 min left');
      const waiting = page.getByRole('region', { name: 'Waiting' });
      expect(await waiting.textContent()).toMatch(/queued behind 905.*random delay until 12:07.*retry 2 at 12:01/);
      expect(await page.getByRole('region', { name: 'Failed in the last 24 h' }).getByRole('row').count()).toBeGreaterThan(2);
      expect(await page.getByRole('img', { name: /due times in the next 24 hours/ }).count()).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/jobs failed, and 2 due times were missed in the last 24 h/);
    });

    test('Jobs shows broken definitions first with place and caret, finds by words, and keeps what is asked in the address', async () => {
      const opened = await open('/jobs');
      const { page } = opened;
      const first = page.getByRole('table', { name: 'Definitions' }).getByRole('row').nth(1);
      await first.waitFor();
      expect(await first.textContent()).toContain('DefinitionKeyUnknown: unknown key "timezone" (definitions/imports/Restock.yaml:5:1)  5 | timezone: Europe/Berlin\n    | ^^^^^^^^');
      expect(await page.getByRole('img', { name: /^last 20 runs: .*newest Failed$/ }).count()).toBe(1);
      await page.keyboard.press('/');
      await page.keyboard.type('feed');
      await page.waitForURL('**/jobs?text=feed');
      await opened.until("document.querySelectorAll('.definition-rows tbody tr').length === 1");
      await page.goto(`${shared.url}/jobs?folder=checks&only=enabled`);
      await opened.until("document.querySelectorAll('.definition-rows tbody tr').length === 3");
      expect(await page.getByRole('link', { name: /^checks/ }).getAttribute('aria-current')).toBe('true');
    });

    test('a definition shows its triggers, due times, options, runs and a drawing of durations', async () => {
      const opened = await open('/jobs/shop/partnerfeed');
      const { page, troubles } = opened;
      await page.waitForSelector('.chart canvas');
      const text = await page.locator('main').textContent();
      for (const part of ['1: every 15 min', 'definitions/imports/PartnerFeed.yaml:1', 'multipleInstancePolicy', 'Next due times', '20 runs', 'sh import/partner-feed.sh']) expect(text).toContain(part);
      expect(troubles).toEqual([]);
    });

    test('Run shows the path of states, the attempts, what differs from the last success, results as a tree, and the log', async () => {
      const opened = await open('/runs/891');
      const { page } = opened;
      await page.waitForSelector('.line');
      expect(await page.getByRole('list', { name: 'Path of states' }).getByRole('listitem').allTextContents()).toEqual([expect.stringContaining('due'), expect.stringContaining('created'), expect.stringContaining('Running'), expect.stringContaining('retry'), expect.stringContaining('retry'), expect.stringContaining('Failed')]);
      expect(await page.getByRole('region', { name: 'Since the last success' }).textContent()).toContain('sh import/partner-feed.sh --all');
      expect(await page.getByRole('region', { name: 'Attempts' }).getByRole('listitem').count()).toBe(3);
      await page.goto(`${shared.url}/runs/895`);
      const results = page.getByRole('region', { name: 'Results' });
      await results.getByText('archives').click();
      await results.getByText('archives').click();
      await results.getByText('0: { 2 keys }').click();
      await results.getByText('b1946ac92492d2347c6235b4d2611184').waitFor();
    });

    test('Calendar says of each cell why, opens it, and runs what was missed after a preview', async () => {
      await using stub = await withStub();
      const opened = await browser.open(`${stub.url}/calendar`);
      const { page } = opened;
      await page.getByRole('gridcell').first().waitFor();
      expect(await page.getByRole('button', { name: /^Nightly, Tuesday 3 November 2026: 1 missed\. nobody was there to fire it/ }).count()).toBe(1);
      await page.getByRole('button', { name: /^Nightly, Wednesday 4 November 2026: 1 undecided/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Nightly, Wednesday 4 November 2026' });
      await dialog.getByText('passed, and no scheduler has decided it yet').waitFor();
      await dialog.getByRole('button', { name: 'Run missed' }).click();
      const preview = page.getByRole('dialog', { name: 'Run missed due times of Nightly' });
      await preview.getByRole('checkbox').first().uncheck();
      await preview.getByRole('button', { name: 'Run 1 job' }).click();
      await page.getByRole('link', { name: 'Nightly is started as 900' }).waitFor();
      expect(stub.written).toEqual([{ path: '/api/definitions/shop/nightly/run-missed', body: JSON.stringify({ dueTimes: [{ triggerId: 1, dueAt: iso(NOON - 86_400_000) }] }), csrf: 'word' }]);
    });

    test('a day of the calendar lists each due time with its outcome, and a command for a missed one', async () => {
      const opened = await open('/calendar?view=day&date=2026-11-21');
      const { page } = opened;
      await page.locator('.due-rows li').first().waitFor();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Saturday 21 November 2026');
      await page.getByRole('link', { name: 'Missed' }).click();
      await page.waitForURL('**outcome=misfire');
      await page.getByText('nobody was there to fire it: the machine was off').first().waitFor();
      expect(await page.locator('main').textContent()).toContain('nightshift run-missed');
    });

    test('System tells of the scheduler, stores, plugins, trust, clock and what is wrong', async () => {
      const opened = await open('/system');
      const { page } = opened;
      await page.getByRole('heading', { name: 'Scheduler' }).waitFor();
      const text = await page.locator('main').textContent();
      expect(text).toMatch(/Heartbeat\d+ s ago/);
      for (const part of ['ready', '118,204 finished jobs', '3.8 GB', 'contract 1', 'can: stop, suspend, reconnect', 'another version than was trusted', '2026b', 'Restock.yaml', 'night-01']) expect(text).toContain(part);
    });

    test('with nothing at all every screen says so and offers a first step', async () => {
      await using stub = await withStub({ isEmpty: true });
      for (const [path, words] of [['/', 'Nothing runs now.'], ['/jobs', 'There are no definitions yet.'], ['/runs', 'Nothing has run yet.'], ['/calendar', 'Nothing is or was due'], ['/system', 'nightshift scheduler run']] as const) {
        const opened = await browser.open(stub.url + path);
        await opened.page.getByText(words).first().waitFor();
        expect(opened.troubles).toEqual([]);
      }
    });

    test('an unknown job is an error with its code, and an unknown address leads back', async () => {
      const opened = await open('/runs/4000');
      await opened.page.getByText('JobWithSpecifiedSessionNotFound: there is no job 4000').waitFor();
      await opened.page.goto(`${shared.url}/nowhere/at/all`);
      await opened.page.getByRole('link', { name: 'What happens now' }).click();
      await opened.page.getByRole('heading', { name: 'Running' }).waitFor();
    });

    test('ten thousand definitions come fifty by fifty', async () => {
      await using stub = await withStub({ more: 10_000 });
      const opened = await browser.open(`${stub.url}/system`);
      await opened.page.goto(`${stub.url}/jobs`);
      await opened.page.getByText('10,013 definitions').waitFor();
      expect(await opened.page.getByRole('table', { name: 'Definitions' }).getByRole('row').count()).toBe(51);
      await opened.page.getByRole('button', { name: 'Show more of 10,013' }).scrollIntoViewIfNeeded();
      await opened.until("document.querySelectorAll('.definition-rows tbody tr').length >= 100");
    });
  });

  describe('what changes', () => {
    test('is there without a reload: a job that starts, runs and ends', async () => {
      await using stub = await withStub();
      const opened = await browser.open(stub.url);
      const { page } = opened;
      const running = page.getByRole('region', { name: 'Running' });
      await running.getByRole('link', { name: 'LongImport' }).waitFor();
      const job = (name: string, id: number): RunningJob => ({ ...runningTemplate(id), name });
      stub.change((world) => ({ ...world, running: [...world.running, job('Fresh', 950)] }));
      stub.tell({ is: 'jobs', jobs: [job('Fresh', 950)], removed: [], more: false });
      await running.getByRole('link', { name: 'Fresh' }).waitFor();
      stub.change((world) => ({ ...world, running: world.running.filter(({ name }) => name !== 'Fresh') }));
      stub.tell({ is: 'jobs', jobs: [{ ...job('Fresh', 950), state: 'Completed' }], removed: [], more: false });
      await running.getByRole('link', { name: 'Fresh' }).waitFor({ state: 'detached' });
    });

    test('counts and the scheduler are there at once', async () => {
      await using stub = await withStub();
      const opened = await browser.open(stub.url);
      await opened.page.getByText('scheduler ready').waitFor();
      stub.tell({ is: 'now', counts: { running: 4, waiting: 3, needsAttention: 0, failed24h: 77, completed24h: 1, definitions: 12, brokenDefinitions: 0, missed24h: 0 }, scheduler: { state: 'stopped', pid: null, since: null, nextDueAt: null, lagMs: 0 } });
      await opened.page.getByText('scheduler stopped').waitFor();
      await opened.page.getByRole('heading', { name: '77 jobs failed in the last 24 h' }).waitFor();
    });

    test('a server that is gone is told of, and what was seen stays', async () => {
      const stub = await withStub();
      const opened = await browser.open(stub.url);
      await opened.page.getByRole('link', { name: 'LongImport' }).waitFor();
      await stub[Symbol.asyncDispose]();
      await opened.page.getByText('The server is silent.').waitFor();
      expect(await opened.page.getByRole('link', { name: 'LongImport' }).count()).toBe(1);
    });
  });

  describe('what is done', () => {
    test('stop asks first, sends one POST with the word against forgery, and says how it went', async () => {
      await using stub = await withStub();
      const opened = await browser.open(stub.url);
      const { page } = opened;
      await page.getByRole('button', { name: 'Stop DatabaseBackup (904)' }).click();
      const dialog = page.getByRole('dialog', { name: 'Stop DatabaseBackup (904)' });
      expect(await dialog.textContent()).toContain('stop-job 904');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(stub.written).toEqual([]);
      await page.getByRole('button', { name: 'Stop DatabaseBackup (904)' }).click();
      await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByText('DatabaseBackup (904) was asked to stop').first().waitFor();
      expect(stub.written).toEqual([{ path: '/api/jobs/904/stop', body: '{}', csrf: 'word' }]);
    });

    test('start, enable and disable go to the definition', async () => {
      await using stub = await withStub();
      const opened = await browser.open(`${stub.url}/jobs`);
      for (const [button, confirm] of [['Start Nightly', 'Start'], ['Disable Nightly', 'Disable'], ['Enable ExchangeRates', 'Enable']] as const) {
        await opened.page.getByRole('button', { name: button }).click();
        await opened.page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click();
        await opened.page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      expect(stub.written.map(({ path }) => path)).toEqual(['/api/definitions/shop/nightly/start', '/api/definitions/shop/nightly/disable', '/api/definitions/shop/exchangerates/enable']);
    });

    test('where nothing may be written the same buttons offer the command', async () => {
      await using stub = await withStub({ writes: false });
      const opened = await browser.open(stub.url);
      await opened.page.getByRole('button', { name: 'Stop DatabaseBackup (904)' }).click();
      const dialog = opened.page.getByRole('dialog');
      expect(await dialog.textContent()).toContain('This dashboard only shows. In a terminal:stop-job 904');
      expect(await dialog.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
    });
  });

  describe('by keyboard alone', () => {
    test('the palette finds, opens, and starts what is confirmed', async () => {
      await using stub = await withStub();
      const opened = await browser.open(stub.url);
      const { page } = opened;
      await page.waitForSelector('h1');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('invoice');
      await page.getByRole('option', { name: /InvoiceRun finance/ }).waitFor();
      await page.keyboard.press('Control+Enter');
      await page.getByText('once more: Start').first().waitFor();
      expect(stub.written).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await page.getByText('InvoiceRun is started as 900').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('calen');
      await page.getByRole('option', { name: 'Calendar' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/calendar');
    });

    test('keys lead to the screens, ? lists them, and the skip link leads past the rail', async () => {
      const opened = await open('/');
      const { page } = opened;
      await page.waitForSelector('h1');
      for (const [keys, url] of [[['g', 'j'], '**/jobs'], [['g', 'c'], '**/calendar'], [['g', 's'], '**/system'], [['g', 'n'], '**/']] as const) {
        for (const key of keys) await page.keyboard.press(key);
        await page.waitForURL(url);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).getByText('go to Calendar').waitFor();
      await page.keyboard.press('Escape');
      await page.reload();
      await page.waitForSelector('h1');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await page.evaluate("document.querySelector('main').contains(document.activeElement)")).toBe(true);
    });

    test('arrows go from cell to cell of the calendar, Enter opens one, and Escape leads back to it', async () => {
      const opened = await open('/calendar');
      const { page } = opened;
      await page.locator('.cell[tabindex="0"]').focus();
      for (const key of ['ArrowDown', 'Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      const cell = await page.evaluate('document.activeElement.getAttribute("aria-label")');
      expect(cell).toMatch(/^DatabaseBackup, Tuesday 3 November 2026/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: /^DatabaseBackup, Tuesday 3/ }).waitFor();
      await page.keyboard.press('Escape');
      await opened.until(`document.activeElement.getAttribute("aria-label") === ${JSON.stringify(cell)}`);
    });

    test('a view is an address: back and forth lead through what was seen', async () => {
      const opened = await open('/runs');
      const { page } = opened;
      await page.getByRole('button', { name: 'Failed' }).click();
      await page.waitForURL('**/runs?state=Failed');
      await page.getByRole('link', { name: /PartnerFeed/ }).first().click();
      await page.waitForURL('**/runs/891');
      await page.goBack();
      await page.waitForURL('**/runs?state=Failed');
      expect(await page.getByRole('button', { name: 'Failed' }).getAttribute('aria-pressed')).toBe('true');
    });
  });

  describe('the log', () => {
    const LINES = GIB / 64;
    const lastLine = "[...document.querySelectorAll('.line')].at(-1).textContent";
    const giant = (): Promise<Stub> => withStub({ logs: { '894.1.stdout': numberedLines(GIB, 12_345_677) } });

    test('of one gigabyte opens at its end, and little of it is in the page', async () => {
      await using stub = await giant();
      const opened = await browser.open(`${stub.url}/system`);
      await opened.page.goto(`${stub.url}/runs/894`, { waitUntil: 'domcontentloaded' });
      await opened.page.getByText(`line ${LINES} `).waitFor();
      expect(await opened.page.locator('.line').count()).toBeLessThan(1_300);
      expect(opened.troubles).toEqual([]);
    });

    test('goes to any place by the rail, and line by line without a gap from there', async () => {
      await using stub = await giant();
      const opened = await browser.open(`${stub.url}/runs/894`);
      const { page } = opened;
      await page.getByText(`line ${LINES} `).waitFor();
      const rail = await page.getByRole('scrollbar').first().boundingBox();
      if (rail === null) throw new Error('there is no rail');
      await page.mouse.click(rail.x + 5, rail.y + rail.height / 2);
      await opened.until(`Math.abs(Number(document.querySelector('.line').textContent.match(/line (\\d+)/)?.[1]) - ${LINES / 2}) < ${LINES / 50}`);
      await page.locator('.log-lines').first().hover();
      const before = await page.evaluate(lastLine);
      for (let turn = 0; turn < 12; turn += 1) await page.mouse.wheel(0, 2_500);
      await opened.until(`${lastLine} !== ${JSON.stringify(before)}`);
      const numbers = (await page.evaluate("[...document.querySelectorAll('.line')].map((line) => Number(line.textContent.match(/line (\\d+)/)[1]))")) as number[];
      expect(numbers.every((number, at) => at === 0 || number === (numbers[at - 1] as number) + 1)).toBe(true);
      await page.locator('.log-lines').first().focus();
      await page.keyboard.press('Home');
      await page.getByText('line 00000001 ').waitFor();
      expect(await page.locator('.line-number').first().textContent()).toBe('1');
      await page.keyboard.press('End');
      await page.getByText(`line ${LINES} `).waitFor();
    });

    test('moves by what one scrolls and no further, whatever is read above and let go below', async () => {
      await using stub = await giant();
      const opened = await browser.open(`${stub.url}/runs/894?log=894.1.stdout&at=${GIB / 2}`);
      const { page } = opened;
      const firstSeen = "(() => { const box = document.querySelector('.log-lines').getBoundingClientRect(); const line = [...document.querySelectorAll('.line')].find((one) => one.getBoundingClientRect().bottom > box.top + 1); return Number(line.textContent.match(/line (\\d+)/)[1]); })()";
      await page.locator('.line.linked').waitFor();
      const [begun, height] = [Number(await page.evaluate(firstSeen)), Number(await page.evaluate("document.querySelector('.line').getBoundingClientRect().height"))];
      await page.locator('.log-lines').first().hover();
      for (let turn = 1; turn <= 16; turn += 1) {
        // Nobody scrolls into what is not there yet.
        await opened.until("document.querySelector('.log-lines').scrollTop > 1000");
        await page.mouse.wheel(0, -1_000);
        await opened.until(`${firstSeen} <= ${begun - Math.floor((turn * 1_000) / height) + 2}`);
      }
      expect(Math.abs(Number(await page.evaluate(firstSeen)) - (begun - 16_000 / height))).toBeLessThan(6);
      expect(await page.locator('.line').count()).toBeLessThan(1_300);
    });

    test('finds a text in the middle, and a link leads others to the same line', async () => {
      await using stub = await giant();
      const opened = await browser.open(`${stub.url}/runs/894`);
      const { page } = opened;
      const at = 12_345_677 * 64;
      await page.getByText(`line ${LINES} `).waitFor();
      await page.goto(`${stub.url}/runs/894?log=894.1.stdout&at=${at - 6_400_000}`);
      await page.getByText('line 12245678 ').waitFor();
      await page.getByRole('searchbox', { name: 'Search stdout' }).fill('NEEDLE');
      await page.keyboard.press('Enter');
      await page.locator('.line mark').waitFor();
      expect(await page.locator('.line:has(mark)').textContent()).toContain('line 12345678 needle');
      await page.locator('.line:has(mark) .line-number').click();
      expect(page.url()).toBe(`${stub.url}/runs/894?log=894.1.stdout&at=${at}`);
      await page.reload();
      await page.locator('.line.linked').getByText('line 12345678 needle').waitFor();
      expect(await page.evaluate("(() => { const line = document.querySelector('.linked').getBoundingClientRect(); const box = document.querySelector('.log-lines').getBoundingClientRect(); return line.top >= box.top && line.bottom <= box.bottom; })()")).toBe(true);
    });

    test('goes on with a search until it has looked through everything, however many lines there are', async () => {
      const lines = Array.from({ length: 6_000 }, (_, at) => (at % 5 === 0 ? `row ${at} lost\n` : `row ${at}\n`)).join('');
      await using stub = await withStub({ logs: { '894.1.stdout': bytesOf(lines) } });
      const { page } = await browser.open(`${stub.url}/runs/894`);
      await page.locator('.line').getByText('row 5999').waitFor();
      await page.getByRole('searchbox', { name: 'Search stdout' }).fill('lost');
      await page.keyboard.press('Enter');
      await page.getByText(/^\d+ of 1,200 lines$/).waitFor();
    });

    test('that cannot be read says why, beside everything else that is known of the run', async () => {
      await using stub = await withStub({ unreadable: '894.1.stdout' });
      const { page, troubles } = await browser.open(`${stub.url}/runs/894`);
      await page.getByText('CantLoadScheduledJobDefinitionFromStore: the stdout of').waitFor();
      expect(await page.getByRole('heading', { name: 'Facts' }).count()).toBe(1);
      expect(troubles).toEqual([]);
    });

    test('follows what is written, stands still for who reads further up, and goes on when asked', async () => {
      await using stub = await withStub();
      const text = (count: number): string => Array.from({ length: count }, (_, at) => `step ${at + 1}\n`).join('');
      const grow = (count: number, ended = false): void => {
        const bytes = bytesOf(text(count));
        stub.setLog('903.1.stdout', bytes, ended);
        stub.tell({ is: 'log', log: { jobId: 903, jobName: 'LongImport', attempt: 1, channel: 'stdout', bytes: bytes.size, ended } });
      };
      stub.setLog('903.1.stdout', bytesOf(text(100)), false);
      const opened = await browser.open(`${stub.url}/runs/903`);
      const { page } = opened;
      const isSeen = (line: string): string => `(() => { const line = [...document.querySelectorAll('.line')].find((one) => one.textContent.endsWith(${JSON.stringify(line)})); if (line === undefined) return false; const box = line.parentElement.parentElement.getBoundingClientRect(); const at = line.getBoundingClientRect(); return at.top >= box.top - 1 && at.bottom <= box.bottom + 1; })()`;
      await opened.until(isSeen('step 100'));
      grow(200);
      await opened.until(isSeen('step 200'));
      await page.locator('.log-lines').first().hover();
      await page.mouse.wheel(0, -1_200);
      await opened.until(`!(${isSeen('step 200')})`);
      const top = await page.evaluate("document.querySelector('.log-lines').scrollTop");
      grow(300);
      await page.getByText(/^\S* ?\d+ B to come$/).waitFor({ state: 'attached' });
      expect(await page.evaluate("document.querySelector('.log-lines').scrollTop")).toBe(top);
      await page.getByRole('button', { name: 'Follow' }).first().click();
      await opened.until(isSeen('step 300'));
      grow(301, true);
      await opened.until(isSeen('step 301'));
    });

    test('of a line of very many letters shows the first ones, and the others when asked', async () => {
      await using stub = await withStub({ logs: { '894.1.stdout': bytesOf(`${'\0'.repeat(60_000)}end\nnext\n`) } });
      const { page } = await browser.open(`${stub.url}/runs/894`);
      await page.locator('.line').getByText('next').waitFor();
      await page.locator('.log-lines').first().focus();
      await page.keyboard.press('Home');
      await page.getByRole('button', { name: '55,907 more letters' }).click();
      await page.locator('.line').getByText(/^(\\x00){60000}end$/).waitFor();
    });

    test('shows the streams that are switched on, colours as colours, and everything else as text', async () => {
      await using stub = await withStub({ logs: { '895.1.stdout': bytesOf('plain\n::warning::take care\n::debug::inner\n\u001b[31mred\u001b[0m\n\u001b[2Jcleared\u001b]0;title\u0007\n<b>bold</b> &amp;\n') } });
      const opened = await browser.open(`${stub.url}/runs/895`);
      const { page } = opened;
      await page.locator('.line[data-stream="warning"]').waitFor();
      expect(await page.locator('.line .ansi-1').textContent()).toBe('red');
      expect(await page.locator('.line-text').allTextContents()).toEqual(['plain', 'take care', 'inner', 'red', '\\x1b[2Jcleared\\x1b]0;title\\x07', '<b>bold</b> &amp;', expect.stringContaining('sftp')]);
      await page.getByRole('button', { name: 'output' }).click();
      await opened.until("document.querySelectorAll('.line').length === 3");
      expect(await page.locator('.line-text').allTextContents()).toEqual(['take care', 'inner', expect.stringContaining('sftp')]);
      await page.getByRole('button', { name: 'error' }).click();
      await opened.until("document.querySelectorAll('.line').length === 2");
    });
  });

  describe('text of jobs', () => {
    test('runs no script, whatever stands in names, output, errors and arguments', async () => {
      expect(new Set(INJECTIONS).size).toBe(60);
      await using stub = await withStub({ hostile: INJECTIONS });
      const opened = await browser.open('about:blank');
      const { page, troubles } = opened;
      await page.addInitScript("window.hits = 0; window.hit = () => { window.hits += 1; }; addEventListener('securitypolicyviolation', (event) => { window.hits += 1; console.error(event.violatedDirective); });");
      const counts = "[window.hits, document.querySelectorAll('script').length, document.querySelectorAll('iframe, img, object, embed, base, form, video, audio, marquee, math, link:not([rel=stylesheet]):not([rel=icon]):not([rel=modulepreload])').length, document.querySelectorAll('a[href^=\"javascript:\" i], a[href^=\"data:\" i], [onerror], [onload], [onclick], [onmouseover]').length]";
      const seen = new Set<string>();
      for (const path of [...SCREENS, '/runs/903', '/runs/895']) {
        await page.goto(stub.url + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector(READY);
        if (path.startsWith('/runs/')) await page.waitForSelector('.line');
        if (path === '/runs') await page.getByRole('button', { name: 'Show older runs' }).click();
        expect([path, await page.evaluate(counts)]).toEqual([path, [0, 2, 0, 0]]);
        const text = (await page.evaluate('document.body.textContent + [...document.querySelectorAll("[title]")].map((one) => one.title).join()')) as string;
        for (const one of INJECTIONS) if (text.includes(one.replace('\u202e', '\\u202e'))) seen.add(one);
      }
      await page.keyboard.press('Control+k');
      await page.keyboard.type('r');
      await page.getByRole('option').nth(5).waitFor();
      expect(await page.evaluate(counts)).toEqual([0, 2, 0, 0]);
      expect(INJECTIONS.filter((one) => !seen.has(one))).toEqual([]);
      expect(troubles).toEqual([]);
    });
  });

  describe('everybody', () => {
    test.each(['light', 'dark'] as const)('finds nothing that axe objects to on any screen, %s', async (theme) => {
      await using stub = await withStub({ isSmall: true });
      const opened = await browser.open(stub.url, { theme });
      const { page } = opened;
      for (const path of SCREENS) {
        await page.goto(stub.url + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector(READY);
        if (path.startsWith('/runs/')) await page.waitForSelector('.line');
        expect([path, await violations(opened, theme)]).toEqual([path, []]);
      }
      await page.keyboard.press('Control+k');
      await page.getByRole('listbox').waitFor();
      expect(['palette', await violations(opened, theme)]).toEqual(['palette', []]);
    });

    test('finds every screen fit for a phone of 360 pixels, without scrolling sideways', async () => {
      const { page } = await open('/', { width: 360, height: 740 });
      for (const path of SCREENS) {
        await page.goto(shared.url + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector(READY);
        if (path.startsWith('/runs/')) await page.waitForSelector('.line');
        expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 360]);
      }
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'System' }).click();
      await page.waitForURL('**/system');
    });

    test.each([800, 1_024, 1_280])('finds everything within its card at %i pixels', async (width) => {
      const { page } = await open('/', { width, height: 740 });
      for (const path of SCREENS) {
        await page.goto(shared.url + path, { waitUntil: 'domcontentloaded' });
        await page.waitForSelector(READY);
        expect([path, await page.evaluate("[...document.querySelectorAll('.card')].filter((card) => getComputedStyle(card).overflowX === 'visible' && card.scrollWidth > card.clientWidth + 1).map((card) => card.getAttribute('aria-labelledby'))")]).toEqual([path, []]);
      }
    });

    test('the theme follows the system until one chooses, and the choice outlives the page', async () => {
      const opened = await open('/', { theme: 'light' });
      const { page } = opened;
      const ground = 'getComputedStyle(document.documentElement).backgroundColor';
      await page.waitForSelector('h1');
      const light = await page.evaluate(ground);
      await page.getByRole('button', { name: 'Theme: system' }).click();
      await page.getByRole('button', { name: 'Theme: light' }).click();
      const dark = await page.evaluate(ground);
      expect(dark).not.toBe(light);
      await page.reload({ waitUntil: 'domcontentloaded' });
      expect(await page.evaluate(ground)).toBe(dark);
    });
  });
});

function runningTemplate(id: number): RunningJob {
  const row: JobRow = {
    id, instanceId: `01936f3a-0000-7000-8000-${String(id).padStart(12, '0')}`, name: '', type: 'BackgroundJob', state: 'Running', reason: null, statusMessage: '', hasMoreData: false, location: 'localhost', command: 'true', beginTime: iso(NOON), endTime: null,
    exitCode: null, signal: null, childJobs: [], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1, definitionKey: null, message: '',
  };
  return { ...row, progress: null, lastLine: null, usualMs: null, leftMs: null };
}

/** What axe finds, one line each. */
async function violations({ page }: Opened, theme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.evaluate(`window.axe === undefined && (() => { ${AXE} })()`);
  // By night only the colours are others.
  const rules = theme === 'light' ? '' : "runOnly: ['color-contrast'], ";
  return page.evaluate(`axe.run(document, { ${rules} resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 4).map(({ target, failureSummary }) => id + ': ' + target + ' ' + failureSummary.split('\\n')[1])))`);
}
