import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../../src/umbrella/import/draft.ts';
import { readKubernetes } from '../../../../src/umbrella/import/kubernetes/cron-jobs.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../../complaint.ts';

interface Parts { spec?: object; job?: object; pod?: object; container?: object }

const manifest = ({ spec = {}, job = {}, pod = {}, container = {} }: Parts): object => ({
  kind: 'CronJob',
  metadata: { name: 'x' },
  spec: { schedule: '0 3 * * *', timeZone: 'UTC', ...spec, jobTemplate: { spec: { ...job, template: { spec: { containers: [{ name: 'a', command: ['echo', 'hi'], ...container }], ...pod } } } } },
});
const readAll = (...documents: object[]) => readKubernetes(sourceOf('f.yaml', documents.map((document) => JSON.stringify(document, null, 2)).join('\n---\n')), documents);
const read = (parts: Parts): Draft => readAll(manifest(parts)).drafts[0] as Draft;
const lost = (parts: Parts): string[] => read(parts).remarks.filter(({ severity }) => severity !== 'note').map(({ text }) => text);

describe('a CronJob', () => {
  test.each([
    [{}, { multipleInstancePolicy: 'Parallel', catchUp: { policy: 'latest' }, gracePeriod: '30s', retry: { limit: 6, delay: '10s', factor: 2, maxDelay: '6m' } }],
    [{ spec: { concurrencyPolicy: 'Forbid' } }, { multipleInstancePolicy: 'IgnoreNew' }],
    [{ spec: { concurrencyPolicy: 'Replace' } }, { multipleInstancePolicy: 'StopExisting' }],
    [{ spec: { startingDeadlineSeconds: 300 } }, { catchUp: { policy: 'latest', window: '5m' } }],
    [{ job: { backoffLimit: 2 } }, { retry: { limit: 2 } }],
    [{ job: { activeDeadlineSeconds: 600 } }, { timeout: '10m' }],
    [{ pod: { activeDeadlineSeconds: 60 } }, { timeout: '1m' }],
    [{ pod: { terminationGracePeriodSeconds: 5 } }, { gracePeriod: '5s' }],
  ])('with %j has the options %j', (parts, options) => {
    expect(read(parts).options).toMatchObject(options);
  });

  test('without further attempts has no retry', () => {
    expect(read({ job: { backoffLimit: 0 } }).options).not.toHaveProperty('retry');
  });

  test('keeps as many runs as successful ones were kept, one at least', () => {
    expect(read({ spec: { successfulJobsHistoryLimit: 5 } }).maxResultCount).toBe(5);
    expect(read({ spec: { successfulJobsHistoryLimit: 0 } }).maxResultCount).toBe(1);
    expect(read({})).not.toHaveProperty('maxResultCount');
  });

  test('that is suspended is off', () => {
    expect(read({ spec: { suspend: true } }).enabled).toBe(false);
    expect(read({ spec: { suspend: false } })).not.toHaveProperty('enabled');
  });

  test.each([
    [{ timeZone: undefined }, { cron: '0 3 * * *', timeZone: 'Etc/UTC' }],
    [{ timeZone: 'Asia/Tokyo' }, { cron: '0 3 * * *', timeZone: 'Asia/Tokyo' }],
    [{ schedule: 'CRON_TZ=Asia/Tokyo 0 9 * * *' }, { cron: '0 9 * * *', timeZone: 'Asia/Tokyo' }],
    [{ schedule: '@hourly' }, { cron: '@hourly', timeZone: 'UTC' }],
  ])('with %j is due by %j', (spec, value) => {
    expect(read({ spec }).triggers.map((trigger) => trigger.value)).toEqual([value]);
  });

  test.each([[{ schedule: '0 0 3 * * *' }], [{ schedule: undefined }], [{ schedule: ['0 3 * * *'] }]])('with %j has lost its trigger', (spec) => {
    expect(read({ spec }).remarks).toContainEqual(expect.objectContaining({ severity: 'trigger-lost' }));
  });

  test.each([
    [{ container: { image: 'x' } }, 'the image x has no equal'],
    [{ container: { volumeMounts: [{ mountPath: '/data' }] } }, 'nothing is mounted at /data'],
    [{ container: { envFrom: [{ secretRef: { name: 's' } }] } }, 'the variables of envFrom'],
    [{ container: { command: undefined, args: ['--all'] } }, 'what runs is in the image'],
    [{ pod: { containers: [{ name: 'a', command: ['true'] }, { name: 'b', command: ['true'] }] } }, 'the container "b" runs beside'],
    [{ job: { parallelism: 2 } }, 'parallelism: 2'],
    [{ job: { podFailurePolicy: {} } }, 'podFailurePolicy'],
    [{ spec: { concurrencyPolicy: 'Maybe' } }, 'concurrencyPolicy'],
    [{ container: { env: [{ name: 'N', valueFrom: { fieldRef: {} } }] } }, 'the variable "N" has its value from fieldRef'],
  ])('with %j has lost something', (parts, text) => {
    expect(lost(parts as Parts)).toEqual([expect.stringContaining(text)]);
  });

  test('hands secrets on by reference, never by value', () => {
    const { job } = read({ container: { env: [{ name: 'PGUSER', valueFrom: { secretKeyRef: { name: 'db', key: 'user' } } }, { name: 'PASSWORD', value: 'geheim' }] } });
    expect(job.secrets).toEqual({ PGUSER: 'env:PGUSER', PASSWORD: 'env:PASSWORD' });
    expect(JSON.stringify(job)).not.toContain('geheim');
  });

  test('fills in references to variables as Kubernetes does', () => {
    const env = [{ name: 'HOST', value: 'h' }, { name: 'URL', value: 'x://$(HOST)/$$(HOST)/$(NOBODY)' }];
    const { job } = read({ container: { command: ['printf', '[%s]', '$(URL)', '$$(URL)', 'a$(HOST)b', '$(NOBODY)'], env } });
    const out = execFileSync('sh', ['-c', job.scriptBlock as string], { env: { ...process.env, ...job.environment }, encoding: 'utf8' });
    expect(out).toBe('[x://h/$(HOST)/$(NOBODY)][$(URL)][ahb][$(NOBODY)]');
  });

  test('runs its init containers first, until one fails', () => {
    const of = (name: string, text: string) => ({ name, command: ['sh', '-c', text], workingDir: '/tmp' });
    const script = (second: string): string => read({ pod: { initContainers: [of('one', 'pwd'), of('two', second)] } }).job.scriptBlock as string;
    expect(execFileSync('sh', ['-c', script('true')], { encoding: 'utf8' })).toBe('/tmp\nhi\n');
    expect(() => execFileSync('sh', ['-c', script('exit 3')])).toThrow(expect.objectContaining({ status: 3 }));
  });
});

test('lists are unpacked, and what is no CronJob is named and left out', () => {
  const { drafts, remarks } = readAll({ kind: 'Secret', data: {} }, { kind: 'CronJobList', items: [manifest({}), { kind: 'List', items: [manifest({})] }] });
  expect(drafts).toHaveLength(2);
  expect(remarks).toEqual([{ severity: 'note', place: 'f.yaml:1', text: 'kind: Secret is no CronJob and was left out' }]);
});

test('a file without a CronJob is refused', () => {
  expect(complaint(() => readAll({ kind: 'Deployment' }))).toMatchObject({ code: 'DefinitionSyntaxError', file: 'f.yaml' });
  expect(complaint(() => readAll())).toMatchObject({ code: 'DefinitionSyntaxError' });
});
