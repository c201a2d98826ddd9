import { expect, test } from 'vitest';
import { nameOfCommand } from '../src/command-name.ts';

test.each([
  ['/usr/local/bin/backup.sh --full >> /var/log/b.log 2>&1', 'backup'],
  ['cd /srv/shop && php artisan schedule:run', 'artisan'],
  ['nice -n 19 ionice -c 3 /opt/x/report.py --mail', 'report'],
  ['/usr/bin/flock -n /tmp/q.lock /usr/bin/php /srv/bin/queue.php', 'queue'],
  ['timeout 5m curl -fsS https://example.org', 'curl'],
  ['FOO=1 BAR=2 python3 -u /opt/job.py', 'job'],
  ['[ -x /bin/a ] && if [ ! -d /b ]; then /usr/lib/clean; fi', 'clean'],
  ['test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )', 'cron.daily'],
  ['sleep 20 && /home/x/start-camera.sh', 'start-camera'],
  ['docker ps --format x | xargs docker restart', 'docker-ps'],
  ['sudo -u www-data /srv/tidy', 'tidy'],
  ['"/opt/My App/run" now', 'My'],
  ['env', 'env'],
  ['$HOME/bin/x.sh', 'x'],
  ['cd /tmp', undefined],
  ['$(evil)', 'evil'],
  ['', undefined],
  ['   ;;; ', undefined],
])('%s is called %s', (command, name) => {
  expect(nameOfCommand(command)).toBe(name);
});

test('a command of a megabyte is named as quickly as another', () => {
  expect(nameOfCommand(`run-me ${'x && '.repeat(200_000)}`)).toBe('run-me');
});
