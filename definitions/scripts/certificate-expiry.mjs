// Tells how long certificates are still good, before anybody's browser does.
//
//   FILES         certificate files (PEM), with commas between them; every certificate in each is looked at
//   SERVERS       HOST or HOST:PORT (443), with commas between them: the certificate that the server shows
//   WARN_BEFORE   a certificate that ends within this time is a warning: 48h, 21d, 6w (21d)
//   GIVE_UP       longest wait for a server: 500ms, 10s (10s)
//
// Exit code 0: all are good, those that end soon with a warning. 1: one has ended, has not begun, is not for its server,
// or cannot be read; all others are looked at nevertheless. 2: an option is wrong.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

const DAY = 86_400_000;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };
/** A name or an address; one of version 6 in brackets. */
const SERVER = /^(?:(?<host>[\w.-]+)|\[(?<address>[\da-f:.]+)\])(?::(?<port>\d{1,5}))?$/i;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

async function run() {
  const { files, servers, warnBefore, giveUp } = readOptions(process.env);
  const findings = [];
  for (const file of files) findings.push(...(await look(file, () => inFile(file))));
  for (const server of servers) findings.push(...(await look(server.name, () => shownBy(server, giveUp))));
  for (const finding of findings) say(finding, warnBefore);
  const bad = findings.filter(({ fault }) => fault !== undefined).length;
  console.log(`certificate-expiry: ${findings.length - bad} good, ${bad} not`);
  return bad > 0 ? 1 : 0;
}

function readOptions({ FILES = '', SERVERS = '', WARN_BEFORE = '21d', GIVE_UP = '10s' }) {
  const files = listOf(FILES);
  const servers = listOf(SERVERS).map(serverOf);
  if (files.length + servers.length === 0) throw refusal('FILES or SERVERS must name something to look at');
  return { files, servers, warnBefore: duration('WARN_BEFORE', WARN_BEFORE), giveUp: duration('GIVE_UP', GIVE_UP) };
}

const listOf = (text) => text.split(',').map((word) => word.trim()).filter((word) => word !== '');

function serverOf(name) {
  const { host, address, port = '443' } = SERVER.exec(name)?.groups ?? {};
  if (host === undefined && address === undefined) throw refusal(`SERVERS must name HOST or HOST:PORT, not ${JSON.stringify(name)}`);
  return { name, host: host ?? address, port: Number(port) };
}

function duration(name, text) {
  const [, number, unit] = /^(\d{1,9})([a-z]+)$/.exec(text) ?? [];
  if (!Object.hasOwn(MILLISECONDS, unit ?? '')) throw refusal(`${name} must be a duration such as 10s, 48h or 21d, not ${JSON.stringify(text)}`);
  return Number(number) * MILLISECONDS[unit];
}

/** What cannot be looked at is a finding like any other. */
async function look(place, certificates) {
  try {
    return (await certificates()).map(({ certificate, fault }) => ({ place, certificate, fault: fault ?? faultOf(certificate) }));
  } catch (error) {
    return [{ place, fault: error.errors?.[0]?.message || error.message }];
  }
}

async function inFile(file) {
  const certificates = (await readFile(file, 'latin1')).match(PEM) ?? [];
  if (certificates.length === 0) throw new Error('holds no certificate');
  return certificates.map((text) => ({ certificate: new X509Certificate(text) }));
}

// Whether the chain ends in an authority that we trust is not asked: a server of one's own may have an authority of one's own.
async function shownBy({ host, port }, giveUp) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) });
  socket.setTimeout(giveUp, () => reject(new Error(`has not answered within ${giveUp} ms`)));
  socket.once('secureConnect', () => resolve(socket.getPeerX509Certificate()));
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('showed no certificate')));
  try {
    const certificate = await promise;
    const isForHost = isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host);
    return [{ certificate, ...(isForHost ? {} : { fault: `is not for ${host}` }) }];
  } finally {
    socket.destroy();
  }
}

function faultOf({ validFromDate, validToDate }) {
  if (Date.now() > validToDate) return `ended on ${dayOf(validToDate)}`;
  if (Date.now() < validFromDate) return `begins on ${dayOf(validFromDate)}`;
  return undefined;
}

const dayOf = (date) => date.toISOString().slice(0, 10);

function say({ place, certificate, fault }, warnBefore) {
  const name = certificate === undefined ? place : `${subjectOf(certificate)} (${place})`;
  if (fault !== undefined) {
    console.log(`::error::${name}: ${fault}`);
    return;
  }
  const left = certificate.validToDate - Date.now();
  console.log(`::${left < warnBefore ? 'warning' : 'notice'}::${name}: good until ${dayOf(certificate.validToDate)}, ${Math.floor(left / DAY)} days`);
}

/** Somebody else has written the subject: what is no plain letter must not reach a terminal or begin a line. */
function subjectOf({ subject }) {
  const [, name] = /^CN=(.*)$/m.exec(subject ?? '') ?? [];
  return (name ?? 'a certificate without a name').replace(/[^\x20-\x7e]/g, '?');
}

const refusal = (message) => Object.assign(new Error(message), { exitCode: 2 });

function explain(error) {
  console.error(`certificate-expiry: ${error.message}`);
  return error.exitCode ?? 1;
}

process.exitCode = await run().catch(explain);
