import { STREAM_NAMES } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { receiveJob } from '../../src/verbs/receive-job.ts';
import { asked } from '../asked.ts';
import { complaintOf } from '../complaint.ts';

const requestOf = async (...argv: string[]) => (await asked(receiveJob, '7', ...argv)).words[1] as Record<string, unknown>;

test.each([
  [[], { from: 'cursor', keep: false, streams: STREAM_NAMES }],
  [['--keep'], { keep: true }],
  [['--wait'], { until: 'persistent' }],
  [['--follow'], { until: 'finished' }],
  [['-f', '--keep'], { until: 'finished', keep: true }],
  [['--wait', '--keep=false'], { until: 'persistent', keep: false }],
  [['--from', 'start', '--tail', '0'], { from: 'start', tail: 0 }],
  [['--stream', 'Output,WARNING', '--stream', 'error'], { streams: ['output', 'warning', 'error'] }],
  [['--from', '2026-11-22T03:00:00Z'], { from: new Date('2026-11-22T03:00:00Z') }],
  [['--from', '2026-11-22T03:00:00+02:00'], { from: new Date('2026-11-22T01:00:00Z') }],
] as const)('%j asks for %j', async (argv, request) => {
  expect(await requestOf(...argv)).toMatchObject(request);
});

describe('a time without an offset is in the zone of the host', () => {
  test.each([
    ['2026-11-22T03:00:00', [2026, 10, 22, 3]],
    ['2026-11-22', [2026, 10, 22, 0]],
  ] as const)('%s', async (text, [year, month, day, hour]) => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      expect(await requestOf('--from', text)).toMatchObject({ from: new Date(year, month, day, hour) });
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

test.each([
  [['--keep', '--wait'], 'InvalidParameterCombination'],
  [['--wait', '--keep'], 'InvalidParameterCombination'],
  [['--from', 'yesterday'], 'ParameterArgumentTransformationError'],
  [['--from', '7'], 'ParameterArgumentTransformationError'],
  [['--from', '2026-13-45'], 'ParameterArgumentTransformationError'],
  [['--from', '2026-11-22 is no time'], 'ParameterArgumentTransformationError'],
  [['--tail', '-1'], 'ParameterArgumentValidationError'],
  [['--tail', 'x'], 'ParameterArgumentValidationError'],
  [['--stream', 'stdout'], 'ParameterArgumentValidationError'],
  [['-o', 'id'], 'ParameterArgumentValidationError'],
])('%j is %s', async (argv, code) => {
  expect(await complaintOf(() => requestOf(...argv))).toMatchObject({ code });
});
