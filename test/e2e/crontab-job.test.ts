import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

const started = ['--type', 'CrontabJob', '--wait', '--definition-name'];

function crontabWith(text: string, name = 'crontab'): Place {
  const place = newPlace();
  writeFileSync(join(place.work, name), text);
  return place;
}

test('an entry runs now, by its name whatever the case, in the home folder, with what cron gives it', async () => {
  const place = crontabWith('GREETING="two  blanks"\n# Tidy up\n30 4 31 2 * echo "100\\% in $PWD: $GREETING, $PATH $SHELL $LOGNAME $USER"\n');
  const { code, stdout, stderr } = await place.run('start-job', [...started, 'tidy-UP'], { env: { LOGNAME: 'x', USER: 'y', SHELL: '/bin/zsh' } });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `100% in ${place.home}: two  blanks, /usr/bin:/bin /bin/sh ${userInfo().username} ${userInfo().username}\n`, stderr: '' });
  expect((await place.jobs())[0]).toMatchObject({ name: 'Tidy-up', type: 'CrontabJob', command: 'echo "100% in $PWD: $GREETING, $PATH $SHELL $LOGNAME $USER"', definition: { name: 'Tidy-up', path: join(place.work, 'crontab') } });
});

test('the SHELL, the PATH and the HOME of the file count', async () => {
  const place = crontabWith('');
  writeFileSync(join(place.work, 'crontab'), `SHELL=/bin/bash\nPATH=${place.work}:/usr/bin:/bin\nHOME=${place.work}\n@reboot [[ $PWD = ${place.work} ]] && mine <<< "of bash"\n`);
  writeFileSync(join(place.work, 'mine'), '#!/bin/sh\ncat\n', { mode: 0o755 });
  expect(await place.run('start-job', [...started, 'mine'])).toMatchObject({ code: 0, stdout: 'of bash\n' });
});

test('what follows a percent sign is the input, and nothing else is', async () => {
  const place = crontabWith('@daily cat%Dear Joe,%%it is 100\\% done%\n@daily wc -c\n');
  expect(await place.run('start-job', [...started, 'cat'])).toMatchObject({ code: 0, stdout: 'Dear Joe,\n\nit is 100% done\n' });
  expect(await place.run('start-job', [...started, 'wc'], { input: 'of the caller' })).toMatchObject({ code: 0, stdout: '0\n' });
});

test('the exit code is that of the command, and a job that runs can be stopped with everything it has started', async () => {
  const place = crontabWith('@daily exit 3\n# lasting\n@daily sleep 1000 & echo $! > pid; wait\n');
  expect((await place.run('start-job', [...started, 'exit'])).code).toBe(3);
  const [id] = [Number(await place.stdoutOf('start-job', '--type', 'CrontabJob', '--definition-name', 'lasting', '-o', 'id'))];
  await expect.poll(() => existsSync(join(place.home, 'pid')), { timeout: 10_000 }).toBe(true);
  await place.stdoutOf('stop-job', String(id));
  expect(await place.job(id)).toMatchObject({ state: 'Stopped', command: expect.stringContaining('sleep 1000') });
});

test('--definition-path names a crontab of any name, or the folder of one, and --working-directory another place to start', async () => {
  const place = crontabWith('@daily pwd\n', 'table');
  expect(await place.run('start-job', [...started, 'pwd', '--definition-path', 'table'])).toMatchObject({ code: 0, stdout: `${place.home}\n` });
  expect(await place.run('start-job', [...started, 'pwd', '--definition-path', 'table', '--working-directory', '/usr'])).toMatchObject({ code: 0, stdout: '/usr\n' });
  mkdirSync(join(place.work, 'sub'));
  writeFileSync(join(place.work, 'sub/crontab'), '@daily echo sub\n');
  expect(await place.run('start-job', [...started, 'echo', '--definition-path', 'sub'])).toMatchObject({ code: 0, stdout: 'sub\n' });
  expect(await place.run('start-job', [...started, 'pwd', '--definition-path', 'nowhere'])).toMatchObject({ code: 4, stderr: expect.stringContaining('nowhere') });
  expect(await place.run('start-job', ['--type', 'BackgroundJob', '--definition-name', 'pwd', '--definition-path', 'table'])).toMatchObject({ code: 4, stderr: expect.stringContaining('"table" is not a folder') });
});

test('an entry does not answer unless its type is named', async () => {
  const place = crontabWith('@daily pwd\n');
  mkdirSync(join(place.work, 'definitions'));
  for (const options of [[], ['--type', '*Job']]) expect((await place.run('start-job', [...options, '--definition-name', 'pwd'])).stderr).toContain('StartJobFromDefinitionNameNotFound');
});

test('a line that cannot be read is told of by file, line and column, and the others run', async () => {
  const place = crontabWith('@daily echo one\n  0 5 * * /opt/backup.sh\n0 5 * * echo two\n');
  expect(await place.run('start-job', [...started, 'backup'])).toMatchObject({ code: 3, stderr: expect.stringMatching(/DefinitionSyntaxError: .+ \(crontab:2:3\)\n/) });
  expect(await place.run('start-job', [...started, 'echo'])).toMatchObject({ code: 0, stdout: 'one\n' });
  expect((await place.run('start-job', [...started, 'echo-2'])).code).toBe(3);
});

test('a name that is not there is answered with the nearest, or with those that are', async () => {
  const place = crontabWith('@daily /opt/backup.sh\n# Tidy up\n@daily pwd\n');
  const hintOf = async (name: string): Promise<string | undefined> => /hint: (.*)/.exec((await place.run('start-job', [...started, name])).stderr)?.[1];
  expect(await hintOf('bakcup')).toBe('did you mean backup? start-job --type CrontabJob --definition-name backup');
  expect(await hintOf('zzz')).toBe('there are backup, Tidy-up');
  expect(await hintOf('Tidy up')).toBe('did you mean Tidy-up? start-job --type CrontabJob --definition-name Tidy-up');
  expect(await (await newPlace().run('start-job', [...started, 'backup'])).stderr).toMatch(/FilePathNotFound: .*\n {2}hint: crontab -l > crontab/);
});

test('a file that somebody else could have written does not run', async () => {
  const place = crontabWith('@daily touch ran\n');
  const file = join(place.work, 'crontab');
  const refused = (why: string) => ({ code: 5, stderr: expect.stringMatching(`DefinitionUnsafe: .*${why}`) });
  chmodSync(file, 0o666);
  expect(await place.run('start-job', [...started, 'touch'])).toMatchObject(refused('can be written by everybody'));
  chmodSync(file, 0o644);
  if (process.getuid?.() === 0) {
    chownSync(file, 12_345, 0);
    expect(await place.run('start-job', [...started, 'touch'])).toMatchObject(refused('belongs to user 12345'));
  }
  expect(existsSync(join(place.home, 'ran'))).toBe(false);
});

test.runIf(process.getuid?.() === 0)('root runs a crontab of a safe owner only in a folder that is trusted', async () => {
  const place = crontabWith('@daily echo ran\n');
  mkdirSync(join(place.home, '.config/nightshift'), { recursive: true });
  writeFileSync(join(place.home, '.config/nightshift/config.yaml'), 'safeOwners: [12345]\n');
  chownSync(join(place.work, 'crontab'), 12_345, 0);
  expect(await place.run('start-job', [...started, 'echo'])).toMatchObject({ code: 5, stderr: expect.stringContaining('RunningAsRoot') });
  expect(await place.run('start-job', [...started, 'echo'], { env: { NIGHTSHIFT_TRUST: '1' } })).toMatchObject({ code: 0, stdout: 'ran\n' });
});

test('an entry of a definition file starts in the home folder also where a link leads to the file', async () => {
  const place = newPlace();
  mkdirSync(join(place.work, 'real'));
  writeFileSync(join(place.work, 'real', 'Entry.yaml'), 'type: ScheduledJob\njob: { type: CrontabJob, command: pwd }\n');
  symlinkSync('real', join(place.work, 'link'));
  for (const folder of ['real', 'link']) expect(await place.run('start-job', ['--definition-name', 'Entry', '--definition-path', folder, '--wait'])).toMatchObject({ code: 0, stdout: `${place.home}\n` });
});
