import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isNetworkFileSystem, isNetworkType } from '../src/network-file-system.ts';
import { temporaryFolder } from './folder.ts';

test.each([
  ['NFS', 0x6969, true],
  ['SMB', 0x517b, true],
  ['SMB 2', 0xfe534d42, true],
  ['CIFS', 0xff534d42, true],
  ['CIFS, where the type has a sign', 0xff534d42 | 0, true],
  ['9p', 0x01021997, true],
  ['Ceph', 0x00c36400, true],
  ['ext4', 0xef53, false],
  ['tmpfs', 0x01021994, false],
  ['overlay', 0x794c7630, false],
  ['FUSE', 0x65735546, false],
])('%s is on a network: %#x, %j', (_name, type, isNetwork) => {
  expect(isNetworkType(type)).toBe(isNetwork);
});

test('a folder of this machine is not on a network, whether it is there yet or not', () => {
  const folder = temporaryFolder();
  expect([folder, join(folder, 'not', 'yet')].map(isNetworkFileSystem)).toEqual([false, false]);
});
