import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is; undefined: there is none, and what needs one is not tested. */
export const CHROMIUM: string | undefined = [process.env['NIGHTSHIFT_CHROMIUM'], ...PLACES].find((path) => path !== undefined && path !== '' && existsSync(path));

/** For the title of what is not tested. */
export const WITHOUT_CHROMIUM = 'not tested here: no chromium, see .ci/run';

const OPTIONS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

/** One browser with one page, which all tests of a file look at one after the other: a page of its own would cost each a second. */
export interface Browser extends AsyncDisposable {
  open(url: string, look?: Look): Promise<Opened>;
}

export interface Look {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** The page, and what has gone wrong in it since it was opened: errors of scripts, of the console, and of the policy. */
export interface Opened {
  readonly page: Page;
  readonly troubles: readonly string[];
  /** Asks until the expression is true. The policy of the pages lets nobody ask from within. */
  until(expression: string): Promise<void>;
}

const PATIENCE = 30_000;

export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM as string, headless: true, args: OPTIONS });
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  let troubles: string[] = [];
  page.on('pageerror', ({ message }) => troubles.push(`script: ${message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('dialog', async (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return {
    async open(url, { theme = 'dark', width = 1280, height = 860 } = {}) {
      await page.goto('about:blank');
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: theme });
      const own: string[] = (troubles = []);
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      return { page, troubles: own, until: (expression) => until(page, expression) };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function until(page: Page, expression: string): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while ((await page.evaluate(expression)) !== true) {
    if (performance.now() > deadline) throw new Error(`not true within ${PATIENCE} ms: ${expression}`);
    await setTimeout(25);
  }
}
