import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { newPlace } from './product.ts';

const PLUGIN = fileURLToPath(new URL('../../plugins/http-job', import.meta.url));

test('an installed HttpJob asks, sends its secret, tells what is not as expected, and keeps the secret', async () => {
  const server = createServer((request, response) => void response.writeHead(request.headers.authorization === 'Bearer canary' ? 200 : 401).end(`for ${request.headers.authorization}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  const place = newPlace();
  mkdirSync(join(place.work, 'definitions'));
  const put = (path: string, text: string): void => writeFileSync(join(place.work, path), text);
  put('package.json', '{}');
  put('nightshift.yaml', `plugins: [${PLUGIN}]\n`);
  put('definitions/Health.yaml', `type: HttpJob\njob:\n  url: ${url}\n  headers: { Authorization: 'Bearer \${TOKEN}' }\n  secrets: { TOKEN: env:HEALTH_TOKEN }\n  expect: { bodyIncludes: for }\n`);
  put('definitions/Closed.yaml', `type: HttpJob\njob: { url: ${url} }\n`);
  await place.stdoutOf('nightshift', 'trust');
  const asked = await place.run('start-job', ['--definition-name', 'Health', '--wait'], { env: { HEALTH_TOKEN: 'canary' } });
  expect(asked).toMatchObject({ code: 0, stdout: 'for Bearer ***\n' });
  expect(await place.run('start-job', ['--definition-name', 'Closed', '--wait'])).not.toMatchObject({ code: 0 });
  const jobs = await place.jobs();
  expect(jobs.map(({ type, state, statusMessage, command }) => ({ type, state, statusMessage, command }))).toEqual(expect.arrayContaining([
    { type: 'HttpJob', state: 'Completed', statusMessage: '', command: `GET ${url}` },
    { type: 'HttpJob', state: 'Failed', statusMessage: `expected status 2xx, got 401 from ${url}`, command: `GET ${url}` },
  ]));
  expect(JSON.stringify(jobs)).not.toContain('canary');
});
