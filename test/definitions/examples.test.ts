// Every example as it is: its form, and that it runs, twice, anywhere, and leaves the project as it was.

import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFINITIONS, EXAMPLES, filesIn, newProject, type Project } from './example-run.ts';

/** The last line of a first and of a second run. */
const RUNS: Readonly<Record<string, readonly [first: RegExp, second: RegExp]>> = {
  CertificateExpiry: [/^certificate-expiry: 1 good, 0 not$/, /^certificate-expiry: 1 good, 0 not$/],
  Cleanup: [/^cleanup: 2 files, 0\.0 MB would go, \S+$/, /^cleanup: 2 files, 0\.0 MB would go, \S+$/],
  DataSync: [/^data-sync: 21 copied, 0 equal already, 0 removed, 0 not readable, \S+$/, /^data-sync: 1 copied, 20 equal already, /],
  DatabaseBackup: [/^database-backup: 1 table, 3 rows, verified, \S+\.db, 0 older pruned$/, /^database-backup: 1 table, 6 rows, verified, /],
  DiskSpace: [/^disk-space: \/: \d+ % in use, \d+\.\d GB free$/, /^disk-space: \/: /],
  HealthCheck: [/^health-check: http:\/\/127\.0\.0\.1:\d+\/ answers 200 in \d+ ms$/, /^health-check: .+ answers 200 in /],
  Hello: [/^hello from a definition$/, /^hello from a definition$/],
  InvoiceRun: [/^invoice-run: \d{4}-\d\d: 3 written \(to number 000003\), 0 there already, /, /^invoice-run: \d{4}-\d\d: 0 written, 3 there already, /],
  LaptopOnly: [/^laptop-only: nobody needs this machine now/, /^laptop-only: /],
  LogRotation: [/^log-rotation: 1 rotated, 0 compressed, 0 removed, /, /^log-rotation: 1 rotated, 1 compressed, 0 removed, /],
  LongImport: [/^long-import: 2000 lines, 0 of them rejected, 2000 rows in \S+$/, /^long-import: 200 lines, 0 of them rejected, 2200 rows in /],
  Nightly: [/^snapshot: \d+ files, [\d.]+ kB, verified, \S+\.tar\.gz, 0 older pruned$/, /^snapshot: \d+ files, .+ verified, /],
  OfficeHours: [/^office hours: due now, since somebody asked, by trigger none$/, /^office hours: due now/],
  Once: [/^once: run 1 of 49$/, /^once: run 2 of 49$/],
  PythonReport: [/^(python-report: 8 rows in 3 groups, 0 left out)?$/, /^(python-report: 8 rows in 3 groups, 0 left out)?$/],
  ReleaseChain: [/^release-chain: check: 3 files are as they were packed, \S+\.gz$/, /^release-chain: check: 3 files are as they were packed, /],
  ReportByWebhook: [/^report-by-webhook: 127\.0\.0\.1:\d+ has it \(204\): Daily report: .+ % of the disk in use$/, /^report-by-webhook: .+ has it/],
};
/** A disk may be as full as it likes. */
const MAY_WARN = ['DiskSpace'];

describe('every example', () => {
  test('is in the table of this file', () => {
    expect(Object.keys(RUNS).toSorted()).toEqual(EXAMPLES);
  });

  test.each(EXAMPLES)('%s opens with its schema, what it is, when to use it and what to change', (name) => {
    const lines = readFileSync(join(DEFINITIONS, `${name}.yaml`), 'utf8').split('\n');
    expect(lines[0]).toBe('# yaml-language-server: $schema=../node_modules/nightshift/scheduled-job.schema.json');
    expect(lines.slice(1, 4).map((line) => line.split(': ')[0])).toEqual([`# ${name}`, '# When', '# Change']);
    expect(lines[4]).toMatch(/^type: (Scheduled|Workflow)Job$/);
    expect(lines[5]).toMatch(/^description: [^#]{10,60}$/);
    expect(lines.filter((line) => line.length > 125)).toEqual([]);
  });

  test('imports nothing but what Node brings and what lies beside it', () => {
    const imported = filesIn(join(DEFINITIONS, 'scripts')).filter((path) => path.endsWith('.mjs'))
      .flatMap((path) => [...readFileSync(join(DEFINITIONS, 'scripts', path), 'utf8').matchAll(/^(?:import|\} from) .*?'([^']+)';$/gm)].map(([, from]) => `${path}: ${from}`));
    expect(imported.length).toBeGreaterThan(40);
    expect(imported.filter((line) => !/: (node:|\.\/)/.test(line))).toEqual([]);
  });
});

describe('in a project of its own', () => {
  let project: Project;
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], { cwd: project.work, env: project.env, encoding: 'utf8' });

  beforeAll(() => {
    const ends: (() => void)[] = [];
    project = newProject((clean) => ends.push(clean));
    copyFileSync(join(DEFINITIONS, '..', '.gitignore'), project.path('.gitignore'));
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'The examples');
    return () => ends.forEach((end) => end());
  });

  test('every example is valid, and nothing about it is doubtful', async () => {
    const { code, stdout, stderr } = await project.run('nightshift', ['validate', '--strict']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, -1).toSorted()).toEqual(EXAMPLES.map((name) => `ok definitions/${name}.yaml`));
  });

  test.each(EXAMPLES)('%s runs, runs again, and leaves nothing for git to see', async (name) => {
    const { [name]: [first, second] = [/^$/, /^$/] } = RUNS;
    for (const wanted of [first, second]) {
      const { code, last, warnings, errors } = await project.start(name);
      if (MAY_WARN.includes(name) && (code !== 0 || warnings.length > 0)) continue;
      expect({ code, warnings, errors: errors.filter((line) => !line.startsWith('INFO: ')) }).toEqual({ code: 0, warnings: [], errors: [] });
      expect(last).toMatch(wanted);
    }
    expect(git('status', '--porcelain')).toBe('');
  });
});
