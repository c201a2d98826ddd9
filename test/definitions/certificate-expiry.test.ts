import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newProject } from './example-run.ts';
import { deadAddress } from './loopback.ts';

const CERTIFICATES = fileURLToPath(new URL('certificates', import.meta.url));
const SAMPLE = 'samples/certificate-expiry/sample.pem';

async function look(values: Record<string, string>) {
  const project = newProject();
  mkdirSync(project.path('definitions/own'));
  for (const name of ['expired.pem', 'future.pem']) copyFileSync(join(CERTIFICATES, name), project.path('definitions/own', name));
  project.put('definitions/own/chain.pem', readFileSync(project.path('definitions', SAMPLE), 'utf8') + readFileSync(join(CERTIFICATES, 'expired.pem'), 'utf8'));
  project.put('definitions/own/notes.txt', 'no certificate');
  project.change('CertificateExpiry', values);
  return project.start('CertificateExpiry');
}

describe('a certificate in a file', () => {
  test('that is good for long is a note', async () => {
    expect(await look({})).toMatchObject({ code: 0, notices: [expect.stringMatching(/^example\.test \(samples\/certificate-expiry\/sample\.pem\): good until 2056-01-01, \d+ days$/)], last: 'certificate-expiry: 1 good, 0 not' });
  });

  test('that ends soon is a warning, and no failure', async () => {
    expect(await look({ WARN_BEFORE: '99999d' })).toMatchObject({ code: 0, notices: [], warnings: [expect.stringContaining('example.test (samples/certificate-expiry/sample.pem): good until 2056-01-01')] });
  });

  test.each([
    ['own/expired.pem', 'expired.example.test (own/expired.pem): ended on 2021-01-01'],
    ['own/future.pem', 'future.example.test (own/future.pem): begins on 2055-01-01'],
    ['own/notes.txt', 'own/notes.txt: holds no certificate'],
    ['own/none.pem', "own/none.pem: ENOENT: no such file or directory, open 'own/none.pem'"],
  ])('%s is a failure', async (file, sentence) => {
    expect(await look({ FILES: file })).toMatchObject({ code: 1, errors: [sentence, 'the command exited with code 1'], last: 'certificate-expiry: 0 good, 1 not' });
  });

  test('that is bad keeps no other from being looked at, in the same file or in the next', async () => {
    const { code, notices, errors, last } = await look({ FILES: `own/none.pem, own/chain.pem,${SAMPLE}` });
    expect({ code, last, notices: notices.map((line) => line.split(':')[0]) }).toEqual({ code: 1, last: 'certificate-expiry: 2 good, 2 not', notices: ['example.test (own/chain.pem)', `example.test (${SAMPLE})`] });
    expect(errors).toContain('expired.example.test (own/chain.pem): ended on 2021-01-01');
  });
});

describe('a server', () => {
  const hasOpenssl = (() => {
    try {
      execFileSync('openssl', ['version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  /** One that shows a certificate for `host` that ends in ten days. */
  async function serverFor(host: string): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const names = host === '127.0.0.1' ? 'IP:127.0.0.1' : `DNS:${host}`;
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '10', '-subj', `/CN=${host}`, '-addext', `subjectAltName=${names}`], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => socket.on('error', () => {}));
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      rmSync(folder, { recursive: true });
    });
    return (server.address() as AddressInfo).port;
  }

  test.skipIf(!hasOpenssl)('is asked for the certificate that it shows, whoever signed it', async () => {
    const port = await serverFor('127.0.0.1');
    expect(await look({ FILES: '', SERVERS: `127.0.0.1:${port}` })).toMatchObject({ code: 0, warnings: [expect.stringMatching(new RegExp(`^127\\.0\\.0\\.1 \\(127\\.0\\.0\\.1:${port}\\): good until \\S+, 9 days$`))] });
  });

  test.skipIf(!hasOpenssl)('that shows a certificate for another name is a failure', async () => {
    const port = await serverFor('elsewhere.test');
    expect(await look({ FILES: '', SERVERS: `localhost:${port}` })).toMatchObject({ code: 1, errors: [`elsewhere.test (localhost:${port}): is not for localhost`, expect.anything()] });
  });

  test('that is not there is a failure', async () => {
    const { host } = new URL(await deadAddress());
    expect(await look({ FILES: '', SERVERS: host })).toMatchObject({ code: 1, errors: [`${host}: connect ECONNREFUSED ${host}`, expect.anything()] });
  });
});

test.each([
  [{ FILES: '' }, 'FILES or SERVERS must name something to look at'],
  [{ SERVERS: 'https://example.org/' }, 'SERVERS must name HOST or HOST:PORT, not "https://example.org/"'],
  [{ WARN_BEFORE: '3 weeks' }, 'WARN_BEFORE must be a duration such as 10s, 48h or 21d, not "3 weeks"'],
])('%j is refused with 2', async (values, sentence) => {
  expect(await look(values)).toMatchObject({ code: 2, lines: [], errors: [`certificate-expiry: ${sentence}`, expect.anything()] });
});
