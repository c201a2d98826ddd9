import { isJobError } from '@nightshift/sdk';
import * as fc from 'fast-check';
import { describe, test } from 'vitest';
import { FORMATS } from '../../../src/umbrella/import/formats.ts';
import { sourceOf } from '../../../src/umbrella/import/source-file.ts';

/** A file of each format that uses most of what its reader looks at. */
const DOCUMENTS: Readonly<Record<string, object>> = {
  kubernetes: {
    kind: 'List',
    items: [{ kind: 'CronJob', metadata: { name: 'a' }, spec: { schedule: '5/9 * * * *', timeZone: 'UTC', concurrencyPolicy: 'Forbid', suspend: false, startingDeadlineSeconds: 5, successfulJobsHistoryLimit: 1, jobTemplate: { spec: { backoffLimit: 1, completions: 1, template: { spec: { initContainers: [{ name: 'i', command: ['x'] }], containers: [{ name: 'c', image: 'i', command: ['sh', '-c', '$(A)'], args: ['b'], workingDir: '/', env: [{ name: 'A', value: 'b' }, { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }], envFrom: [{}], volumeMounts: [{ mountPath: '/x' }] }] } } } } } }],
  },
  'github-actions': {
    name: 'w', on: { schedule: [{ cron: '* * * * *', timezone: 'UTC' }], push: null }, env: { A: 1 }, defaults: { run: { shell: 'bash', 'working-directory': 'x' } }, concurrency: { group: 'g' },
    jobs: { a: { name: 'n', needs: ['b'], if: 'x', 'runs-on': ['l'], 'timeout-minutes': 5, strategy: {}, env: { B: '${{ secrets.C }}' }, steps: [{ uses: 'u' }, { name: 's', run: 'echo ${{ env.A }}', env: { D: 'e' }, shell: 'python', if: 'success()', 'continue-on-error': true, 'working-directory': 'y' }, { run: 'x' }] } },
  },
  dagu: {
    name: 'd', schedule: { start: ['* * * * *', { at: '2031-01-01T00:00:00Z' }], stop: 'x' }, env: [{ A: '$B' }, 'C=d'], params: 'a B=c', type: 'graph', shell: ['bash', '-e'], working_dir: '~/x', timeoutSec: 5, retryPolicy: { limit: 2, intervalSec: 5, backoff: 1.5 }, catchup_window: '1h', handlerOn: { exit: {} }, secrets: [{ name: 'S', provider: 'env', key: 'K' }],
    steps: [{ name: 'a', command: ['x', 'y'], dir: 'z', env: { E: '`f`' }, output: 'O' }, { name: 'b', id: 'i', script: '#!/bin/sh\nx', depends: ['a'], continueOn: { failure: true } }, ['p', { exec: { command: 'q', args: [1] } }], 'r'],
  },
};
const TEXTS: Readonly<Record<string, string>> = {
  crontab: 'A="b c"\nMAILTO=x\nCRON_TZ=UTC\nSHELL=/bin/zsh\n# title\n10~20 */5 1,L jan-mar 1-5 cd /x && "y" %in%put\\%\n@reboot -n {{z}}\n-* * * * * `w`\n',
  systemd: '[Unit]\nDescription=x %i\nConditionACPower=true\n[Timer]\nOnCalendar=Mon..Fri *-*~3/1 1,2..4/2:0/5:30 UTC\nOnBootSec=5min\nRandomizedDelaySec=1h\nPersistent=yes\n[Service]\nType=oneshot\nEnvironment="A=b c" D=e\nExecStart=-@/bin/a b "c\\x20d" $E ${F}g ; \\\n /bin/h\nSuccessExitStatus=1 TEMPFAIL\nRestart=on-failure\nUser=u\n',
};

const odd = fc.oneof(fc.constantFrom(null, true, '', ' ', '{{x}}', '${{ y }}', '${{', '$(', '`', "'", '@every', '\n', '\u0000', '\ud800', '..', []), fc.integer(), fc.double(), fc.string(), fc.array(fc.string(), { maxLength: 3 }), fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }));

/** The value with its nth part, counted through all of it, replaced. */
function replaced(value: unknown, nth: number, by: unknown): unknown {
  let seen = -1;
  const walk = (part: unknown): unknown => {
    seen += 1;
    if (seen === nth) return by;
    if (Array.isArray(part)) return part.map(walk);
    return typeof part === 'object' && part !== null ? Object.fromEntries(Object.entries(part).map(([key, member]) => [key, walk(member)])) : part;
  };
  return walk(value);
}

function read(format: string, text: string, documents: readonly unknown[]): void {
  try {
    FORMATS.find(({ name }) => name === format)?.read(sourceOf('-', text), { system: text.length % 2 === 0, readYaml: () => documents });
  } catch (cause) {
    // A complaint is an answer, everything else a mistake of ours.
    if (!isJobError(cause)) throw cause;
  }
}

describe('whatever a file holds, it is read or complained about', () => {
  test.each(Object.entries(DOCUMENTS))('in %s', (format, document) => {
    const change = fc.tuple(fc.nat(80), odd);
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const changed = changes.reduce<unknown>((value, [nth, by]) => replaced(value, nth, by), document);
      read(format, JSON.stringify(changed ?? null), [changed]);
    }), { numRuns: 500 });
  });

  test.each(Object.entries(TEXTS))('in %s', (format, text) => {
    const change = fc.tuple(fc.nat(text.length), fc.nat(12), fc.string({ maxLength: 5 }));
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      read(format, changes.reduce((whole, [at, cut, put]) => whole.slice(0, at) + put + whole.slice(at + cut), text), []);
    }), { numRuns: 500 });
  });
});
