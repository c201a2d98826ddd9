// Asks a server how it is.
//
//   URL          http or https. Empty: a server of its own on this machine, so that this runs before anything is changed
//   SLOW_AFTER   an answer that takes longer is a warning: 500ms, 2s (500ms)
//   GIVE_UP      one that takes longer than this is an error (10s)
//   EXPECT       text that the answer must hold; empty: any answer will do
//
// Exit code 0: it answers, if slowly. 1: it does not, or not with success. 2: an option is wrong.

import { once } from 'node:events';
import { createServer } from 'node:http';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000 };

async function run() {
  const { url, slowAfter, giveUp, expect } = readOptions(process.env);
  const server = url === undefined ? await sample() : undefined;
  try {
    await check(url ?? server.url, { slowAfter, giveUp, expect });
  } finally {
    server?.close();
  }
}

function readOptions({ URL: url, SLOW_AFTER = '500ms', GIVE_UP = '10s', EXPECT: expect = '' }) {
  const slowAfter = duration('SLOW_AFTER', SLOW_AFTER);
  const giveUp = duration('GIVE_UP', GIVE_UP);
  if (!url) return { slowAfter, giveUp, expect };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!/^https?:$/.test(parsed?.protocol)) throw refusal(`URL must begin with http:// or https://, not ${JSON.stringify(url)}`, 2);
  if (parsed.username || parsed.password) throw refusal('URL must hold neither user nor password: a definition is no place for a secret', 2);
  return { url: parsed, slowAfter, giveUp, expect };
}

function duration(name, text) {
  const [, number, unit] = /^(\d{1,7})(ms|s|m)$/.exec(text) ?? [];
  if (unit === undefined) throw refusal(`${name} must be a duration such as 500ms, 2s or 1m, not ${JSON.stringify(text)}`, 2);
  return Number(number) * MILLISECONDS[unit];
}

async function check(url, { slowAfter, giveUp, expect }) {
  const begin = performance.now();
  const { status, text } = await ask(url, giveUp);
  const took = Math.round(performance.now() - begin);
  if (status < 200 || status > 299) throw refusal(`${shown(url)} answers ${status}`);
  if (!text.includes(expect)) throw refusal(`the answer of ${shown(url)} does not hold ${JSON.stringify(expect)}`);
  if (took > slowAfter) console.log(`::warning::${shown(url)} is slow: ${took} ms`);
  console.log(`health-check: ${shown(url)} answers ${status} in ${took} ms`);
}

async function ask(url, giveUp) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(giveUp), headers: { 'user-agent': 'nightshift-health-check' } });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (error.name === 'TimeoutError') throw refusal(`${shown(url)} has not answered within ${giveUp} ms`);
    throw refusal(`${shown(url)} cannot be reached: ${reasonOf(error)}`);
  }
}

// fetch says only "fetch failed"; what failed is in its cause, and with several addresses in the causes of that.
function reasonOf({ message, cause }) {
  return cause?.errors?.[0]?.message || cause?.message || message;
}

/** Without the query, which may hold a secret. */
const shown = ({ origin, pathname }) => `${origin}${pathname}`;

async function sample() {
  const server = createServer((_request, response) => response.end('ok\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log('::notice::URL is empty: this asks a server of its own');
  return {
    url: new URL(`http://127.0.0.1:${server.address().port}/`),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const refusal = (message, exitCode = 1) => Object.assign(new Error(message), { exitCode });

function explain(error) {
  console.log(`::error::health-check: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = (await run().catch(explain)) ?? 0;
