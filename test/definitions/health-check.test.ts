import { describe, expect, test } from 'vitest';
import { newProject } from './example-run.ts';
import { deadAddress, serverThat } from './loopback.ts';

async function check(values: Record<string, string>) {
  const project = newProject();
  project.change('HealthCheck', values);
  return project.start('HealthCheck');
}

describe('a server', () => {
  test('that answers is well', async () => {
    const url = await serverThat((_, response) => response.end('all is well'));
    expect(await check({ URL: `${url}/status?key=hidden`, EXPECT: 'is well', SLOW_AFTER: '1m' }))
      .toMatchObject({ code: 0, lines: [expect.stringMatching(new RegExp(`^health-check: ${url}/status answers 200 in \\d+ ms$`))], stderr: '' });
  });

  test('that is slow is a warning, and no failure', async () => {
    const url = await serverThat((_, response) => response.end());
    expect(await check({ URL: url, SLOW_AFTER: '0ms' })).toMatchObject({ code: 0, warnings: [expect.stringMatching(/\/ is slow: \d+ ms$/)] });
  });

  test.each([404, 500, 503])('that answers %i is a failure', async (status) => {
    const url = await serverThat((_, response) => response.writeHead(status).end());
    expect(await check({ URL: url })).toMatchObject({ code: 1, errors: [`health-check: ${url}/ answers ${status}`, 'the command exited with code 1'] });
  });

  test('whose answer does not hold what was expected is a failure', async () => {
    const url = await serverThat((_, response) => response.end('<h1>Maintenance</h1>'));
    expect(await check({ URL: url, EXPECT: 'Welcome' })).toMatchObject({ code: 1, errors: [`health-check: the answer of ${url}/ does not hold "Welcome"`, expect.anything()] });
  });

  test('that says nothing is given up', async () => {
    const url = await serverThat(() => {});
    expect(await check({ URL: url, GIVE_UP: '50ms' })).toMatchObject({ code: 1, errors: [`health-check: ${url}/ has not answered within 50 ms`, expect.anything()] });
  });

  test('that is not there is a failure, told without the query of its address', async () => {
    const url = await deadAddress();
    const { code, stderr } = await check({ URL: `${url}/status?key=hidden` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^health-check: http:\/\/127\.0\.0\.1:\d+\/status cannot be reached: connect ECONNREFUSED/);
    expect(stderr).not.toContain('hidden');
  });
});

test.each([
  [{ URL: 'example.org' }, 'health-check: URL must begin with http:// or https://, not "example.org"'],
  [{ URL: 'file:///etc/passwd' }, 'health-check: URL must begin with http:// or https://, not "file:///etc/passwd"'],
  [{ URL: 'https://me:hidden@example.org' }, 'health-check: URL must hold neither user nor password: a definition is no place for a secret'],
  [{ SLOW_AFTER: '500' }, 'health-check: SLOW_AFTER must be a duration such as 500ms, 2s or 1m, not "500"'],
])('%j is refused with 2', async (values, sentence) => {
  expect(await check(values)).toMatchObject({ code: 2, errors: [sentence, 'the command exited with code 2'] });
});
