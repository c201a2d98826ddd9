import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { controlGroup, killsAtLogout, logout } from '../../src/doctor/logout.ts';
import { doctorPlace, told } from './place.ts';

const SESSION = '0::/user.slice/user-1000.slice/session-3.scope\n';
const LOGIN = '[Login]\n';

describe('the processes of a login', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, boolean]>([
    ['are left alone where nothing is said', {}, false],
    ['are ended where systemd is told so', { 'etc/systemd/logind.conf': `${LOGIN}KillUserProcesses=yes\n` }, true],
    ['are ended where systemd was built so', { 'usr/lib/systemd/logind.conf': `${LOGIN}#KillUserProcesses=yes\n` }, true],
    ['are left alone where a later part takes it back', { 'etc/systemd/logind.conf': `${LOGIN}KillUserProcesses=yes\n`, 'etc/systemd/logind.conf.d/50-x.conf': `${LOGIN}KillUserProcesses = no\n` }, false],
    ['go by the part whose name comes last, wherever it lies', { 'usr/lib/systemd/logind.conf.d/90-x.conf': `${LOGIN}KillUserProcesses=true\n`, 'etc/systemd/logind.conf.d/10-x.conf': `${LOGIN}KillUserProcesses=0\n` }, true],
    ['go by the part in /etc among those of one name', { 'usr/lib/systemd/logind.conf.d/50-x.conf': `${LOGIN}KillUserProcesses=1\n`, 'etc/systemd/logind.conf.d/50-x.conf': `${LOGIN}KillUserProcesses=off\n` }, false],
    ['are not meant by another section', { 'etc/systemd/logind.conf': '[Other]\nKillUserProcesses=yes\n' }, false],
    ['are left alone for users who are excluded', { 'etc/systemd/logind.conf': `${LOGIN}KillUserProcesses=yes\nKillExcludeUsers=root ann\n` }, false],
    ['are left alone for all but the users who are named', { 'etc/systemd/logind.conf': `${LOGIN}KillUserProcesses=yes\nKillOnlyUsers=bob\n` }, false],
    ['are ended for a user who is named', { 'etc/systemd/logind.conf': `${LOGIN}KillUserProcesses=yes\nKillOnlyUsers=bob ann\n` }, true],
  ])('%s', (_, files, kills) => {
    const place = doctorPlace();
    for (const [path, text] of Object.entries(files)) place.plant(path, text);
    expect(killsAtLogout(place.surroundings(), 'ann')).toMatchObject({ kills });
  });

  test('of root are left alone unless the list says otherwise', () => {
    const place = doctorPlace();
    place.plant('etc/systemd/logind.conf', `${LOGIN}KillUserProcesses=yes\n`);
    expect(killsAtLogout(place.surroundings(), 'root').kills).toBe(false);
    place.plant('etc/systemd/logind.conf', `${LOGIN}KillUserProcesses=yes\nKillExcludeUsers=\n`);
    expect(killsAtLogout(place.surroundings(), 'root').kills).toBe(true);
  });
});

describe('jobs', () => {
  const kills = `${LOGIN}KillUserProcesses=yes\nKillExcludeUsers=\n`;
  test.each([
    ['outlive the logout where there is no systemd', '', '', /^ok: nothing here ends jobs/],
    ['outlive the logout of a session that is not swept', SESSION, LOGIN, /^ok: jobs outlive it/],
    ['end with a session that is swept', SESSION, kills, /^warning: systemd has KillUserProcesses=yes: your jobs end when you log out => .*systemd-run --user --scope/],
    ['end with a service in which they are started', '0::/system.slice/runner.service\n', '', /^warning: .+runner\.service.+ => systemd-run --scope/],
    ['are not of a container that a service has started', '0::/system.slice/docker-0123.scope\n', '', /^ok: /],
    ['end with the services of a user', '0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope\n', '', /^warning: .+ => loginctl enable-linger$/],
    ['are seen in the older hierarchy as well', '9:name=systemd:/user.slice/user-1000.slice/session-3.scope\n0::/\n', kills, /^warning: systemd has/],
  ])('%s', (_, group, conf, words) => {
    const place = doctorPlace();
    place.plant('proc/self/cgroup', group);
    place.plant('etc/systemd/logind.conf', conf);
    expect(told(logout(place.surroundings()))).toMatch(words);
  });

  test('outlive the last login of a user whose services linger', () => {
    const place = doctorPlace();
    place.plant('proc/self/cgroup', '0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope\n');
    place.plant(`var/lib/systemd/linger/${userInfo().username}`, '');
    expect(told(logout(place.surroundings()))).toMatch(/^ok: .+linger/);
  });
});

test.each([
  ['', ''], ['0::/\n', ''], ['0::/a/b\n', '/a/b'], ['12:cpu:/x\n1:name=systemd:/y\n', '/y'], ['1:name=systemd:/y\n0::/z\n', '/z'],
])('the control group in %j', (text, group) => {
  expect(controlGroup(text)).toBe(group);
});
