// Sends a report on this machine to a webhook, as JSON: { text, host, time, facts }. Chat servers show `text`.
//
//   WEBHOOK      address that takes a POST. Empty: a receiver on this machine that prints what it got
//   TITLE        first words of the text ("Daily report")
//   TOKEN_FILE   file that holds a secret, sent as "Authorization: Bearer …"; empty: none is sent. The secret itself
//                stands in no definition. A variable TOKEN of whoever starts the job counts as well
//   GIVE_UP      longest wait for an answer: 500ms, 10s (10s)
//
// Exit code 0: the receiver has it. 1: it has not, and one sentence says why; a retry may help. 2: an option is wrong.

import { once } from 'node:events';
import { readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, freemem, hostname, loadavg, totalmem, uptime } from 'node:os';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000 };

async function run() {
  const { webhook, title, token, giveUp } = readOptions(process.env);
  const receiver = webhook === undefined ? await sampleReceiver() : undefined;
  try {
    await send(webhook ?? receiver.url, reportOf(title), { token, giveUp });
  } finally {
    receiver?.close();
  }
}

function readOptions({ WEBHOOK, TITLE: title = 'Daily report', TOKEN: token, TOKEN_FILE, GIVE_UP = '10s' }) {
  const [, number, unit] = /^(\d{1,7})(ms|s|m)$/.exec(GIVE_UP) ?? [];
  if (unit === undefined) throw refusal(`GIVE_UP must be a duration such as 500ms, 10s or 1m, not ${JSON.stringify(GIVE_UP)}`, 2);
  const options = { title, token: TOKEN_FILE ? readToken(TOKEN_FILE) : token, giveUp: Number(number) * MILLISECONDS[unit] };
  if (!WEBHOOK) return options;
  const webhook = URL.canParse(WEBHOOK) ? new URL(WEBHOOK) : undefined;
  if (!/^https?:$/.test(webhook?.protocol)) throw refusal('WEBHOOK must begin with https:// or http://', 2); // not repeated: many such addresses are secrets
  if (webhook.username || webhook.password) throw refusal('WEBHOOK must hold neither user nor password: a definition is no place for a secret', 2);
  if (options.token && webhook.protocol === 'http:' && !isLoopback(webhook)) throw refusal('over http everybody on the way could read the token; let WEBHOOK begin with https://', 2);
  return { ...options, webhook };
}

const isLoopback = ({ hostname: host }) => host === 'localhost' || host === '[::1]' || /^127\./.test(host);

function readToken(path) {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(token)) return token;
  } catch (error) {
    throw refusal(`TOKEN_FILE cannot be read: ${error.message}`, 2);
  }
  throw refusal(`TOKEN_FILE ${JSON.stringify(path)} must hold one word and nothing else`, 2);
}

function reportOf(title) {
  const { blocks, bfree, bavail } = statfsSync('/');
  const inUse = blocks - bfree;
  const facts = {
    upForHours: Math.floor(uptime() / 3600),
    processors: availableParallelism(),
    loadOf15Minutes: Number(loadavg()[2].toFixed(2)),
    memoryFreePercent: percent(freemem(), totalmem()),
    diskInUsePercent: percent(inUse, inUse + bavail), // as df counts
  };
  const text = `${title}: ${hostname()} is up for ${facts.upForHours} h, load ${facts.loadOf15Minutes} on ${facts.processors} processors, ${facts.memoryFreePercent} % of memory free, ${facts.diskInUsePercent} % of the disk in use`;
  return { text, host: hostname(), time: new Date().toISOString(), facts };
}

const percent = (part, whole) => Math.round((100 * part) / whole);

async function send(url, report, { token, giveUp }) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = await post(url, { method: 'POST', headers, body: JSON.stringify(report), redirect: 'error', signal: AbortSignal.timeout(giveUp) });
  await response.body?.cancel();
  if (!response.ok) throw refusal(`${url.host} answers ${response.status}${response.status < 500 ? '; look at WEBHOOK and the token' : ''}`);
  console.log(`report-by-webhook: ${url.host} has it (${response.status}): ${report.text}`);
}

async function post(url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    const reason = error.cause?.errors?.[0]?.message || error.cause?.message || error.message;
    throw refusal(`${url.host} cannot be reached: ${reason}`);
  }
}

async function sampleReceiver() {
  const server = createServer(async (request, response) => {
    const { text } = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    console.log(`the receiver got: ${text}`);
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log('::notice::WEBHOOK is empty: this sends to a receiver of its own');
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
  console.error(`report-by-webhook: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = (await run().catch(explain)) ?? 0;
