import type { JobView } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { approvalOf, approvalPart } from '../../src/options/approval.ts';
import { parse } from '../../src/options/parse.ts';
import { stopJob } from '../../src/verbs/stop-job.ts';
import { complaint } from '../complaint.ts';
import { printed } from '../printed.ts';

const options = (...argv: string[]) => parse(stopJob.table, ['7', ...argv]);

describe('nobody is asked', () => {
  test.each([[[]], [['--what-if=false']], [['--confirm=false']], [['--confirm', '--yes']], [['-Confirm:$false'.replace(':$', '=')]], [['--yes']]])('with %j', (argv) => {
    expect(approvalOf(options(...argv), 'stop-job')).toBeUndefined();
    expect(approvalPart(options(...argv), 'stop-job')).toEqual({});
  });
});

describe('--what-if', () => {
  test.each([[['--what-if']], [['-WhatIf']], [['--what-if', '--confirm']], [['--what-if', '--yes']]])('says what would be done, on standard error, and approves of nothing: %j', async (argv) => {
    const approve = approvalOf(options(...argv), 'stop-job');
    expect(await printed(() => approve?.('this'))).toEqual({ result: false, out: '', error: 'What if: stop-job this\n' });
  });

  test('names a job by id, name and command, on one line whatever they hold', async () => {
    const { approve } = approvalPart(options('--what-if'), 'stop-job');
    const { error } = await printed(() => approve?.({ id: 7, name: 'a\nb', command: 'x\u001B[2J\ny' } as JobView));
    expect(error).toMatch(/^What if: stop-job 7 \(a[^\n]*b\): x[^\n]*y\n$/);
    // eslint-disable-next-line no-control-regex
    expect(error).not.toMatch(/\u001B/);
  });
});

test('--confirm without a terminal is refused, with the way out', () => {
  expect(complaint(() => approvalOf(options('--confirm'), 'stop-job'))).toMatchObject({ code: 'ConfirmationRequired', hint: expect.stringContaining('--yes') });
});
