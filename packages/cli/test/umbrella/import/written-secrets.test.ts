import { expect, test } from 'vitest';
import { warnOfSecrets } from '../../../src/umbrella/import/written-secrets.ts';

const warned = (scriptBlock: string): boolean => warnOfSecrets({ names: [], place: 'f:1', job: { scriptBlock }, triggers: [], options: {}, remarks: [] }).remarks.length === 1;

test.each([
  'mysqldump --password=hunter2hunter2 shop',
  'mysqldump -u root -phunter2 shop',
  'curl https://user:geheim@example.org/',
  'TOKEN=abcdef0123 ./run',
  'tool --api-key 0123456789',
])('%s seems to hold a secret', (command) => {
  expect(warned(command)).toBe(true);
});

test.each([
  'mysqldump --password=$PW shop',
  'mysqldump --password="$(cat /run/pw)" shop',
  'mkdir -p /srv/x',
  'curl https://example.org:8443/x',
  'passwd --expire mara',
  './rotate-tokens.sh',
  'tool --token-file /etc/token',
])('%s does not', (command) => {
  expect(warned(command)).toBe(false);
});

test('the remark does not repeat it', () => {
  const { remarks } = warnOfSecrets({ names: [], place: 'f:1', job: { command: ['x', '--token', 'geheim123'] }, triggers: [], options: {}, remarks: [] });
  expect(JSON.stringify(remarks)).not.toContain('geheim');
});
