import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fileSystem, judgeMount, judgeSpace } from '../../src/doctor/disk.ts';
import { mountOf } from '../../src/mount.ts';
import { doctorPlace } from './place.ts';

const [MB, GB] = [1_000_000, 1_000_000_000];

test.each([
  ['half of a disk', 50 * GB, 100 * GB, 1_000, 9_000, undefined, 'ok'],
  ['just enough of a small disk', 200 * MB, 1 * GB, 1_000, 9_000, undefined, 'ok'],
  ['not 200 MB', 199 * MB, 1 * GB, 1_000, 9_000, undefined, 'warning'],
  ['not one in a hundred', 900 * MB, 100 * GB, 1_000, 9_000, undefined, 'warning'],
  ['less than somebody wants', 50 * GB, 100 * GB, 1_000, 9_000, String(60 * GB), 'warning'],
  ['as little as somebody allows', 50 * MB, 100 * GB, 1_000, 9_000, String(20 * MB), 'ok'],
  ['next to nothing, whatever is allowed', 1 * MB, 100 * GB, 1_000, 9_000, '0', 'bad'],
  ['space, but no inode', 50 * GB, 100 * GB, 0, 9_000, undefined, 'bad'],
  ['space on a file system that counts no inodes', 50 * GB, 100 * GB, 0, 0, undefined, 'ok'],
  ['space, and a bound that is no number', 50 * GB, 100 * GB, 1_000, 9_000, 'much', 'ok'],
] as const)('%s free', (_, free, total, freeFiles, totalFiles, bound, state) => {
  expect(judgeSpace({ free, total, freeFiles, totalFiles }, bound)).toMatchObject({ state });
});

const line = (at: string, type: string, options = 'rw,relatime', more = 'rw'): string => `36 35 98:0 / ${at} ${options} shared:1 - ${type} source ${more}`;

test('the mount of a path is the last of the deepest that hold it', () => {
  const mounts = [line('/', 'ext4'), line('/home', 'nfs4'), line('/home/me/my\\040files', 'xfs'), line('/home2', 'tmpfs'), line('/home', 'ext4', 'ro,nosuid')].join('\n');
  expect(mountOf(mounts, '/srv/x')).toEqual({ at: '/', type: 'ext4', readOnly: false });
  expect(mountOf(mounts, '/home')).toEqual({ at: '/home', type: 'ext4', readOnly: true });
  expect(mountOf(mounts, '/home/me/my files/x')).toEqual({ at: '/home/me/my files', type: 'xfs', readOnly: false });
  expect(mountOf(mounts, '/home22')).toEqual({ at: '/', type: 'ext4', readOnly: false });
  expect(mountOf([line('/', 'ext4'), line('/x', 'ext4', 'rw', 'ro,errors=continue')].join('\n'), '/x/y')).toMatchObject({ readOnly: true });
  expect(mountOf('', '/x')).toBeUndefined();
  expect(mountOf('garbage - \n\n - - -', '/x')).toBeUndefined();
});

test.each([
  ['ext4', 'ok'], ['xfs', 'ok'], ['btrfs', 'ok'], ['overlay', 'ok'], ['zfs', 'ok'], ['fuse.ntfs-3g', 'ok'],
  ['nfs', 'bad'], ['nfs4', 'bad'], ['cifs', 'bad'], ['smb3', 'bad'], ['fuse.sshfs', 'bad'], ['ceph', 'bad'], ['glusterfs', 'bad'],
  ['9p', 'warning'], ['virtiofs', 'warning'], ['tmpfs', 'warning'],
])('a state folder on %s is %s', (type, state) => {
  expect(judgeMount({ at: '/x', type, readOnly: false })).toMatchObject({ state });
});

test('a state folder that cannot be written is bad', () => {
  expect(judgeMount({ at: '/x', type: 'ext4', readOnly: true })).toMatchObject({ state: 'bad', text: expect.stringContaining('read-only') });
});

test('the file system is that of the state folder, or of what it would be made in', () => {
  const place = doctorPlace();
  place.plant('proc/self/mountinfo', [line('/', 'ext4'), line(place.root, 'xfs'), line(place.state, 'nfs4')].join('\n'));
  expect(fileSystem(place.surroundings())).toMatchObject({ state: 'ok', text: expect.stringContaining('xfs') });
  mkdirSync(place.state, { mode: 0o700 });
  expect(fileSystem(place.surroundings())).toMatchObject({ state: 'bad', text: expect.stringContaining('nfs4') });
});
