import { appendFileSync, mkdirSync, openSync, closeSync, ftruncateSync, globSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, startBrowser, WITHOUT_CHROMIUM, type Browser } from '../../packages/dashboard/test/browser.ts';
import { INJECTIONS } from '../../packages/dashboard/test/injections.ts';
import { newPlace, waitFor, type Job, type Place } from './product.ts';

const GIB = 2 ** 30;

/** The pages over the real server and real jobs; how they look at what never happens here is tested beside them, in the package. */
describe.skipIf(CHROMIUM === undefined)(`the dashboard in a browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  let browser: Browser;
  let place: Place;
  let url: string;
  let end = (): Promise<unknown> => Promise.resolve();
  const cleanups: (() => void)[] = [];

  beforeAll(async () => {
    place = newPlace((clean) => cleanups.push(clean));
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'package.json'), '{}\n');
    writeFileSync(join(place.work, 'definitions', 'Report.yaml'), 'type: ScheduledJob\ndescription: The figures of yesterday\njob: { scriptBlock: "echo figures; echo ::warning::one is missing; exit 3" }\ntriggers:\n  - daily: { at: "03:00" }\n');
    writeFileSync(join(place.work, 'definitions', 'Broken.yaml'), 'type: ScheduledJob\ntimezone: UTC\n');
    await place.stdoutOf('start-job', '--persist', '--wait', '--', 'true');
    browser = await startBrowser();
    const dashboard = await beginDashboard('0');
    ({ url, end } = dashboard);
    const { page } = await browser.open(dashboard.loginUrl);
    await page.waitForSelector('main h1');
    expect(page.url()).toBe(`${url}/`);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await end();
    for (const clean of cleanups) clean();
  });

  async function beginDashboard(port: string): Promise<{ readonly url: string; readonly loginUrl: string; readonly end: () => Promise<unknown> }> {
    const child = place.begin('nightshift', ['dashboard', '--allow-writes', '--port', port, '-o', 'json']);
    child.stderr.resume();
    const exited = once(child, 'exit');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const facts = JSON.parse(line) as { readonly url: string; readonly loginUrl: string };
    return { url: facts.url.replace(/\/$/, ''), loginUrl: facts.loginUrl, end: () => (child.kill('SIGTERM'), exited) };
  }

  const jobOf = async (id: number): Promise<Job> => ((JSON.parse(await place.stdoutOf('get-job', String(id), '-o', 'json')) as Job[])[0] as Job);
  const started = async (...words: string[]): Promise<number> => Number((await place.stdoutOf('start-job', '-o', 'id', ...words)).trim());

  test('a job that is started in a terminal appears with its last line, and Stop ends it', async () => {
    const { page, troubles } = await browser.open(`${url}/`);
    const running = page.getByRole('region', { name: 'Running' });
    await running.waitFor();
    const id = await started('--name', 'Visible', 'echo "::progress activity=Copy,percent=40::4 of 10"; echo here I am; sleep 600');
    await running.getByRole('link', { name: 'Visible' }).waitFor();
    await running.getByText('here I am').waitFor();
    expect(await running.getByRole('progressbar', { name: 'Visible' }).getAttribute('aria-valuenow')).toBe('40');
    await page.getByRole('button', { name: `Stop Visible (${id})` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
    await running.getByRole('link', { name: 'Visible' }).waitFor({ state: 'detached' });
    await waitFor('the job is stopped', () => jobOf(id), ({ state }) => state === 'Stopped');
    expect(troubles).toEqual([]);
  });

  test('a definition is started, fails, and the page of the run says what it said', async () => {
    const { page, troubles } = await browser.open(`${url}/jobs`);
    await page.getByText('DefinitionKeyUnknown').waitFor();
    await page.getByRole('link', { name: 'Report' }).click();
    await page.getByRole('button', { name: 'Start Report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('link', { name: /^Report is started as \d+$/ }).click();
    await page.getByText('exit code 3').first().waitFor();
    await page.locator('.line[data-stream="warning"]').getByText('one is missing').waitFor();
    expect(await page.locator('.line[data-stream="output"]').allTextContents()).toEqual([expect.stringContaining('figures')]);
    await page.getByRole('button', { name: /^Start again Report/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start again', exact: true }).click();
    await page.getByRole('link', { name: /^Report is started as \d+$/ }).waitFor();
    await page.goto(`${url}/jobs`);
    await page.getByRole('img', { name: /^last 2 runs: 2 Failed/ }).waitFor();
    expect(troubles).toEqual([]);
  });

  test('disable writes the line into the file, and the page shows it', async () => {
    const { page } = await browser.open(`${url}/jobs`);
    await page.getByRole('button', { name: 'Disable Report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('button', { name: 'Enable Report' }).waitFor();
    expect(await place.stdoutOf('get-scheduled-job', 'Report', '-o', 'json')).toMatch(/"enabled":false/);
  });

  test('a log is followed while it is written', async () => {
    const pipe = join(place.work, 'go');
    const id = await started('--name', 'Talker', `echo first; until [ -e ${pipe} ]; do sleep 0.05; done; echo second; printf 'no end yet'; until [ -e ${pipe}2 ]; do sleep 0.05; done; echo ', now'`);
    const { page } = await browser.open(`${url}/runs/${id}`);
    await page.locator('.line').getByText('first').waitFor();
    writeFileSync(pipe, '');
    await page.locator('.line').getByText('second').waitFor();
    await page.locator('.line').getByText('no end yet').waitFor();
    writeFileSync(`${pipe}2`, '');
    await page.locator('.line').getByText('no end yet, now').waitFor();
    expect(await page.locator('.line .line-number').allTextContents()).toEqual(['1', '2', '3']);
  });

  test('a log is kept as a file, as it was written', async () => {
    const id = await started('--name', 'Keeper', 'echo to keep; echo ::warning::this, too');
    const { page } = await browser.open(`${url}/runs/${id}`);
    await page.locator('.line').getByText('to keep').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download stdout as it was written' }).click()]);
    expect([download.suggestedFilename(), readFileSync(await download.path(), 'utf8')]).toEqual([expect.stringMatching(/^job-\d+-1\.stdout\.txt$/), 'to keep\n::warning::this, too\n']);
  });

  test('a log of one gigabyte opens at its end, goes to its middle and its beginning', async () => {
    const id = await started('--name', 'Giant', '--', 'echo', 'something');
    await waitFor('it has ended', () => jobOf(id), ({ state }) => state === 'Completed');
    fill(outputOf(place, (await jobOf(id)).instanceId));
    const { page, troubles } = await browser.open('about:blank');
    await page.goto(`${url}/runs/${id}`, { waitUntil: 'domcontentloaded' });
    await page.getByText('the very last line').waitFor();
    const rail = await page.getByRole('scrollbar').first().boundingBox();
    if (rail === null) throw new Error('there is no rail');
    await page.mouse.click(rail.x + 5, rail.y + rail.height / 2);
    await page.getByText('the very last line').waitFor({ state: 'detached' });
    await page.locator('.log-lines').first().focus();
    await page.keyboard.press('Home');
    await page.getByText('the very first line').waitFor();
    expect(await page.locator('.line').count()).toBeLessThan(1_300);
    expect(troubles).toEqual([]);
  });

  test('no text of a job runs: names, arguments, output and errors', async () => {
    const script = `${INJECTIONS.map((text) => `printf '%s\\n' ${quoted(text)}; printf '%s\\n' ${quoted(text)} >&2`).join('\n')}\nexit 1`;
    const file = join(place.work, 'inject.sh');
    writeFileSync(file, script, { mode: 0o600 });
    const id = await started('--name', INJECTIONS[8] as string, '--', 'sh', file, ...INJECTIONS.filter((text) => !text.includes('\n')));
    const { page, troubles } = await browser.open('about:blank');
    await page.addInitScript('window.hits = 0; window.hit = () => { window.hits += 1; };');
    for (const path of [`/runs/${id}`, '/', '/runs', `/runs?text=${encodeURIComponent(INJECTIONS[0] as string)}`, `/jobs?text=${encodeURIComponent(INJECTIONS[9] as string)}`]) {
      await page.goto(url + path, { waitUntil: 'domcontentloaded' });
      await page.waitForSelector('main:not(:has(.wait)) h1');
      if (path === `/runs/${id}`) {
        await page.locator('.log').nth(1).locator('.line').nth(59).waitFor();
        const shown = await page.locator('.log').nth(0).locator('.line-text').allTextContents();
        expect(shown).toEqual(INJECTIONS.map((text) => text.replace('\u202e', '\\u202e')));
      }
      expect([path, await page.evaluate("[window.hits, document.querySelectorAll('script').length, document.querySelectorAll('img, iframe, object, embed, base, form').length]")]).toEqual([path, [0, 2, 0]]);
    }
    expect(troubles).toEqual([]);
  });

  test('who has no cookie sees nothing but how to get in', async () => {
    const { page } = await browser.open('about:blank');
    await page.context().clearCookies();
    await page.goto(`${url}/runs`);
    const text = await page.locator('body').textContent();
    expect(text).not.toContain('Report');
    expect(text).toMatch(/does not know this browser[^]*open the address/);
  });

  test('a page that stands open when the dashboard is started again says how to come in, and goes on by itself when this browser has', async () => {
    const before = await beginDashboard('0');
    const { page } = await browser.open(before.loginUrl);
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    await before.end();
    const after = await beginDashboard(new URL(before.url).port);
    await page.getByRole('heading', { name: 'Nightshift does not know this browser' }).waitFor();
    const tab = await page.context().newPage();
    await tab.goto(after.loginUrl);
    await tab.getByRole('heading', { name: 'Running' }).waitFor();
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    await tab.close();
    await after.end();
  });
});

/** The file that holds what a run of the session has written. */
function outputOf(place: Place, instanceId: string): string {
  const [found] = globSync(`**/${instanceId}/**/stdout`, { cwd: place.state });
  if (found === undefined) throw new Error(`no output of ${instanceId} below ${place.state}`);
  return join(place.state, found);
}

/** A gigabyte that takes no room: mostly zeros, with lines at both ends. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  writeSync(file, `the very first line\n${'short\n'.repeat(2_000)}`);
  ftruncateSync(file, GIB);
  closeSync(file);
  appendFileSync(path, `\n${'short\n'.repeat(2_000)}the very last line\n`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
