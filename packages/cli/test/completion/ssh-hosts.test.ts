import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sshHosts } from '../../src/completion/ssh-hosts.ts';

function homeWith(config?: string): string {
  const home = mkdtempSync(join(tmpdir(), 'ssh-hosts-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.ssh'));
  if (config !== undefined) writeFileSync(join(home, '.ssh', 'config'), config);
  return home;
}

test('the names of Host lines are offered once each, without patterns and what is no name', () => {
  const home = homeWith('Host web1 web2\n  HostName 10.0.0.1\n\nhost=db-1\n\tHOST = web1 10.0.0.7\nHost *.example !web3 web? -x\n# Host nobody\nHostName other\nMatch host third\nHost "quoted"\n');
  expect(sshHosts(home)).toEqual(['web1', 'web2', 'db-1', '10.0.0.7']);
});

test('without a file, without a home, and where the home is not there, there are none', () => {
  expect([homeWith(), undefined, '/nowhere'].map(sshHosts)).toEqual([[], [], []]);
});
