import { describe, expect, test } from 'vitest';
import { attemptFolder, durableLayout, sessionLayout } from '../../src/index.ts';
import { plan } from '../folder.ts';

const definition = { key: 'a1b2c3d4/nightly', name: 'Nightly', path: '/d/Nightly.yaml' };

describe('a run folder', () => {
  test('of the session is named by the instance id', () => {
    expect(sessionLayout(plan({ instanceId: '01941c29-7c00-7abc-8def-0123456789ab' }))).toBe('01941c29-7c00-7abc-8def-0123456789ab');
  });

  test.each([
    ['1970-01-01T00:00:00.000Z', '19700101-000000-000'],
    ['2025-01-01T00:00:00.001Z', '20250101-000000-001'],
    ['2026-12-31T23:59:59.999Z', '20261231-235959-999'],
    ['2024-02-29T12:34:56.078Z', '20240229-123456-078'],
    ['2099-06-07T08:09:10.011Z', '20990607-080910-011'],
  ])('of %s bears that moment and the last digits of the id', (moment, stamp) => {
    const time = Date.parse(moment).toString(16).padStart(12, '0');
    const instanceId = `${time.slice(0, 8)}-${time.slice(8)}-7abc-8def-0123456789ab`;
    expect(durableLayout(plan({ instanceId, definition }))).toBe(`output/a1b2c3d4/Nightly/${stamp}-456789ab`);
    expect(durableLayout(plan({ instanceId }))).toBe(`output/_/${stamp}-456789ab`);
  });

  test.each([[1, '/r/1'], [2, '/r/2'], [10, '/r/10']])('has a folder for attempt %i', (attempt, folder) => {
    expect(attemptFolder('/r', attempt)).toBe(folder);
  });
});
