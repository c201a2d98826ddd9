import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../../src/umbrella/import/draft.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { readSystemd } from '../../../../src/umbrella/import/systemd/units.ts';
import { complaint } from '../../../complaint.ts';

const TIMER = '[Timer]\nOnCalendar=daily\n';

function read(files: Readonly<Record<string, string>>, file = 'x.timer', system = false): Draft {
  const source = (name: string) => (files[name] === undefined ? undefined : sourceOf(name, files[name]));
  return readSystemd(source(file) as ReturnType<typeof sourceOf>, { read: source, hasFolder: (name) => name in files && files[name] === '' }, { system }).drafts[0] as Draft;
}

const service = (lines: string, file = 'x.timer'): Draft => read({ 'x.timer': TIMER, 'x.service': `[Service]\n${lines}` }, file);
const textsOf = ({ remarks }: Draft): string[] => remarks.map(({ severity, place, text }) => `${severity} ${place} ${text}`);
const lost = (draft: Draft): string[] => draft.remarks.filter(({ severity }) => severity !== 'note').map(({ text }) => text);

describe('a timer and its service', () => {
  test('become one definition by the name of the timer, from either of the two', () => {
    for (const file of ['x.timer', 'x.service']) {
      expect(service('ExecStart=/bin/a b\n', file)).toMatchObject({ names: ['x'], job: { command: ['/bin/a', 'b'] }, triggers: [{ value: { daily: { at: '00:00' } } }] });
    }
  });

  test('may have different names, and a template one for all', () => {
    expect(read({ 'x.timer': `${TIMER}Unit=y.service\n`, 'y.service': '[Service]\nExecStart=/bin/y\n' }).job).toEqual({ command: ['/bin/y'] });
    expect(read({ 'x@1.timer': TIMER, 'x@.service': '[Service]\nExecStart=/bin/t\n' }, 'x@1.timer').job).toEqual({ command: ['/bin/t'] });
  });

  test('have no trigger when there is a service alone', () => {
    expect(read({ 'x.service': '[Service]\nExecStart=/bin/a\n' }, 'x.service')).toMatchObject({ triggers: [] });
  });

  test('are refused when the service is missing, no service, or starts nothing', () => {
    expect(complaint(() => read({ 'x.timer': TIMER }))).toMatchObject({ code: 'FilePathNotFound', message: expect.stringContaining('x.service') });
    expect(complaint(() => read({ 'x.timer': `${TIMER}Unit=backup.target\n` }))).toMatchObject({ code: 'DefinitionSyntaxError', line: 3 });
    expect(complaint(() => read({ 'x.timer': `${TIMER}Unit=../../x.service\n` }))).toMatchObject({ code: 'DefinitionSyntaxError', line: 3 });
    expect(complaint(() => service('Type=oneshot\n'))).toMatchObject({ code: 'DefinitionSyntaxError', file: 'x.service' });
    expect(complaint(() => read({ 'x.timer': '[Socket]\nA=b\n' }))).toMatchObject({ code: 'DefinitionSyntaxError' });
  });

  test('with a drop-in folder say that it was not read', () => {
    expect(textsOf(read({ 'x.timer': TIMER, 'x.service': '[Service]\nExecStart=/bin/a\n', 'x.timer.d': '' }))).toContain('note x.timer:1 the drop-in folder x.timer.d was not read');
  });

  test('of the system run as root there, and here they do not', () => {
    const files = { 'x.timer': TIMER, 'x.service': '[Service]\nExecStart=/bin/a\n' };
    expect(lost(read(files, 'x.timer', true))).toEqual(['a system unit without User= runs as root; here it runs as whoever runs the scheduler']);
    expect(lost(read(files))).toEqual([]);
  });
});

describe('a timer', () => {
  const timer = (lines: string): Draft => read({ 'x.timer': `[Timer]\n${lines}`, 'x.service': '[Service]\nExecStart=/bin/a\n' });

  test.each([
    ['OnBootSec=5min', [{ atStartup: { randomDelay: '5m' } }]],
    ['OnBootSec=0', [{ atStartup: {} }]],
    ['OnUnitActiveSec=1d', [{ every: '1d' }]],
    ['OnUnitInactiveSec=90', [{ every: '1m30s' }]],
    ['OnCalendar=daily\nOnCalendar=\nOnCalendar=hourly', [{ cron: '0 * * * *' }]],
    ['OnCalendar=daily\nRandomizedDelaySec=30m', [{ daily: { at: '00:00' }, randomDelay: '30m' }]],
    ['OnBootSec=1h\nOnUnitActiveSec=2h\nRandomizedDelaySec=10m', [{ atStartup: { randomDelay: '1h' } }, { every: '2h', randomDelay: '10m' }]],
  ])('with %j has the triggers %j', (lines, triggers) => {
    expect(timer(`${lines}\n`).triggers.map(({ value }) => value)).toEqual(triggers);
  });

  test.each([
    ['Persistent=true', { catchUp: { policy: 'latest' } }],
    ['Persistent=no', { catchUp: { policy: 'skip' } }],
    ['', { catchUp: { policy: 'skip' } }],
    ['WakeSystem=yes', { wakeToRun: true }],
  ])('with %j has the options %j', (lines, options) => {
    expect(timer(`OnCalendar=daily\n${lines}\n`).options).toMatchObject(options);
  });

  test.each(['OnClockChange=true', 'OnTimezoneChange=yes', 'OnBootSec=soon', 'OnUnitActiveSec=0', 'OnCalendar=never'])('with %s has lost a trigger', (line) => {
    expect(timer(`${line}\n`).remarks).toContainEqual(expect.objectContaining({ severity: 'trigger-lost', place: 'x.timer:2' }));
  });

  test('speaks of each of its triggers at that trigger', () => {
    const { remarks } = timer('OnCalendar=daily\nOnUnitActiveSec=1d\n');
    expect(remarks.find(({ text }) => text.startsWith('OnUnitActiveSec'))?.at).toBe('triggers.1');
  });
});

describe('a service', () => {
  test.each([
    ['WorkingDirectory=/srv/x\nExecStart=/bin/a "b c"', { scriptBlock: 'cd /srv/x || exit\nexec "$@"', argumentList: ['/bin/a', 'b c'] }],
    ['WorkingDirectory=-/srv/x\nExecStart=/bin/a', { scriptBlock: 'cd /srv/x || :\nexec "$@"' }],
    ['WorkingDirectory=~\nExecStart=/bin/a', { scriptBlock: 'cd || exit\nexec "$@"' }],
    ['ExecStart=-/bin/a', { scriptBlock: '/bin/a || :' }],
    ['ExecStart=@/bin/sh other -c x', { command: ['/bin/sh', '-c', 'x'] }],
    ['ExecStart=/bin/a {{x}}', { command: ['/bin/a'], argumentList: ['{{x}}'] }],
    ['ExecStart=/bin/a\nEnvironment="A=b c" D=100%%', { environment: { A: 'b c', D: '100%' } }],
    ['ExecStart=/bin/a\nSuccessExitStatus=3 TEMPFAIL 0', { successExitCodes: [0, 3, 75] }],
  ])('with %j has the job %j', (lines, job) => {
    expect(service(`${lines}\n`).job).toMatchObject(job);
  });

  test('with several commands runs them until one fails, as a shell shows', () => {
    const { job } = service('Environment=WORDS=a\\x20*\nExecStartPre=-/bin/false\nExecStart=/usr/bin/printf "[%%s]" $WORDS "${WORDS}"\nExecStart=/bin/false\nExecStartPost=/bin/echo never\n');
    const script = `${job.scriptBlock}`;
    expect(() => execFileSync('sh', ['-c', script], { env: { ...process.env, ...job.environment } })).toThrow();
    expect(execFileSync('sh', ['-c', `${script.split('\n').slice(0, 3).join('\n')}`], { env: { ...process.env, ...job.environment }, encoding: 'utf8' })).toBe('[a][*][a *]');
  });

  test.each([
    ['Type=oneshot\nTimeoutStartSec=2h', { timeout: '2h' }],
    ['Type=oneshot\nTimeoutStartSec=infinity', {}],
    ['RuntimeMaxSec=15min', { timeout: '15m' }],
    ['TimeoutStartSec=5', {}],
    ['TimeoutStopSec=30', { gracePeriod: '30s' }],
    ['Restart=on-failure', { retry: { limit: 4, delay: '100ms', factor: 1 } }],
    ['Restart=on-failure\nRestartSec=30', { retry: { limit: 10_000, delay: '30s', factor: 1 } }],
    ['Restart=on-failure\nRestartSec=1\nStartLimitBurst=3\nStartLimitIntervalSec=60', { retry: { limit: 2, delay: '1s', factor: 1 } }],
    ['Restart=no', {}],
  ])('with %j has the options %j', (lines, options) => {
    const { catchUp: _, startIfOnBatteries: __, stopIfGoingOnBatteries: ___, ...rest } = service(`ExecStart=/bin/a\n${lines}\n`).options;
    expect(rest).toEqual(options);
  });

  test('that starts on mains only says so by the option for it', () => {
    const draft = read({ 'x.timer': TIMER, 'x.service': '[Unit]\nConditionACPower=true\n[Service]\nExecStart=/bin/a\n' });
    expect(draft.options).toMatchObject({ startIfOnBatteries: false });
    expect(lost(draft)).toEqual([]);
  });

  test.each([
    'User=backup', 'Group=x', 'EnvironmentFile=-/etc/default/x', 'ExecStopPost=/bin/b', 'ExecCondition=/bin/c', 'StateDirectory=x', 'RootImage=/x', 'StandardInput=file:/x',
    'Type=forking', 'RemainAfterExit=yes', 'Restart=always', 'SuccessExitStatus=SIGTERM', 'TimeoutStopSec=later', 'Environment=A=%h', 'ExecStartPre=/bin/b %i', 'LoadCredential=x:/y',
  ])('with %s has lost something', (line) => {
    expect(lost(service(`ExecStart=/bin/a\n${line}\n`))).toHaveLength(1);
  });

  test.each(['Nice=5', 'ProtectSystem=strict', 'StandardOutput=append:/x', 'X-Unknown=1'])('with %s is noted', (line) => {
    expect(textsOf(service(`ExecStart=/bin/a\n${line}\n`))).toContain(`note x.service:3 not carried over: ${line.split('=')[0]}=`);
  });

  test.each(['StandardOutput=journal', 'Type=oneshot', 'SyslogIdentifier=x', 'DynamicUser=no'])('with %s has nothing to say', (line) => {
    expect(textsOf(service(`ExecStart=/bin/a\nWorkingDirectory=/\n${line}\n`))).toEqual([]);
  });
});
