import { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import type { Draft } from '../../../src/umbrella/import/draft.ts';
import { settle } from '../../../src/umbrella/import/settle.ts';

const draft = (more: Partial<Draft> = {}): Draft => ({ names: ['x'], place: 'f:1', job: { command: ['true'] }, triggers: [], options: {}, remarks: [], ...more });
const trigger = (cron: string): Draft['triggers'][number] => ({ value: { cron }, place: `f:${cron.length}`, source: cron });

/** Writes JSON, and refuses a text that holds the word "bad". */
const judge = {
  definitionText(value: object): string {
    const text = JSON.stringify(value);
    if (text.includes('unwritable')) throw new JobError({ code: 'CannotSerializeData', message: 'it cannot be said' });
    return text;
  },
  checkText: async (_: string, text: string) => ({ errors: text.includes('bad') ? [{ code: 'X', message: 'it is bad' }] : [], warnings: [] }),
};

const settled = async (...drafts: Draft[]) => {
  const { definitions, report } = await settle({ drafts, remarks: [] }, { folder: '/d', prefix: '' }, judge);
  return { definitions: definitions.map(({ name, path, enabled, text }) => ({ name, path, enabled, value: JSON.parse(text) as Record<string, unknown> })), report };
};

describe('a draft', () => {
  test('becomes a file in the folder', async () => {
    expect(await settled(draft({ triggers: [trigger('a')] }))).toMatchObject({ definitions: [{ name: 'x', path: '/d/x.yaml', enabled: true, value: { triggers: [{ cron: 'a' }] } }], report: [] });
  });

  test('keeps the triggers that our reader takes, and is off for those that it does not', async () => {
    const { definitions, report } = await settled(draft({ triggers: [trigger('a'), trigger('bad'), trigger('cc')] }));
    expect(definitions).toMatchObject([{ enabled: false, value: { triggers: [{ cron: 'a' }, { cron: 'cc' }], enabled: false } }]);
    expect(report).toEqual([{ definition: 'x', place: 'f:3', severity: 'trigger-lost', text: '"bad" has no equal: it is bad' }]);
  });

  test('that is refused without its triggers too is not written, and the others are', async () => {
    const { definitions, report } = await settled(draft({ description: 'bad' }), draft({ description: 'unwritable' }), draft());
    expect(definitions.map(({ name }) => name)).toEqual(['x-3']);
    expect(report.map(({ definition, severity }) => `${definition} ${severity}`)).toEqual(['x trigger-lost', 'x-2 trigger-lost']);
  });

  test.each([['note', true], ['lost', false], ['trigger-lost', false]] as const)('with a remark of severity %s is on: %s', async (severity, enabled) => {
    expect((await settled(draft({ remarks: [{ severity, place: 'f:1', text: 't' }] }))).definitions[0]?.enabled).toBe(enabled);
  });

  test('that was off stays off', async () => {
    expect((await settled(draft({ enabled: false }))).definitions[0]).toMatchObject({ enabled: false, value: { enabled: false } });
  });

  test('reports in the order of the lines', async () => {
    const at = (line: number) => ({ severity: 'note', place: `f:${line}`, text: `${line}` }) as const;
    expect((await settled(draft({ remarks: [at(12), at(3), at(7)] }))).report.map(({ text }) => text)).toEqual(['3', '7', '12']);
  });

  test('with one zone for all its triggers says it once', async () => {
    const zoned = (timeZone: string) => ({ ...trigger('a'), value: { cron: 'a', timeZone } });
    expect((await settled(draft({ triggers: [zoned('UTC'), zoned('UTC')] }))).definitions[0]?.value).toMatchObject({ timeZone: 'UTC', triggers: [{ cron: 'a' }, { cron: 'a' }] });
    expect((await settled(draft({ triggers: [zoned('UTC'), zoned('Asia/Tokyo')] }))).definitions[0]?.value).not.toHaveProperty('timeZone');
  });
});
