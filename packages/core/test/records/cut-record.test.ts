import { describe, expect, test } from 'vitest';
import { cutRecord } from '../../src/index.ts';
import { HERE } from '../machine.ts';

const facts = { holder: HERE, carries: 'i1' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a line', () => {
  test('of stdout is one Output record', () => {
    expect(cutRecord(bytes('hello'), 'stdout', facts)).toEqual({ stream: 'output', value: 'hello', bytes: bytes('hello') });
  });

  test('of stderr is one Error record, whatever it says', () => {
    expect(cutRecord(bytes('::warning::hello'), 'stderr', facts)).toEqual({ stream: 'error', value: { message: '::warning::hello' }, bytes: bytes('::warning::hello') });
  });

  test('without letters is an Output record too', () => {
    expect(cutRecord(bytes(''), 'stdout', facts)).toEqual({ stream: 'output', value: '', bytes: bytes('') });
  });

  test('that is a stream command is a record of that stream', () => {
    expect(cutRecord(bytes('::warning::low'), 'stdout', facts)).toMatchObject({ stream: 'warning', value: 'low' });
  });

  test('that only looks like a stream command stays Output with its bytes', () => {
    expect(cutRecord(bytes('::Warning::low'), 'stdout', facts)).toEqual({ stream: 'output', value: '::Warning::low', bytes: bytes('::Warning::low') });
  });

  test.each([
    ['recognised unless it is said otherwise', facts, 'warning'],
    ['recognised when nothing is known of the run', undefined, 'warning'],
    ['recognised when asked for', { ...facts, streamCommands: true }, 'warning'],
    ['left alone with --no-stream-commands', { ...facts, streamCommands: false }, 'output'],
  ])('of a stream command is %s', (_what, of, stream) => {
    expect(cutRecord(bytes('::warning::low'), 'stdout', of).stream).toBe(stream);
  });

  test('keeps the bytes that are no text', () => {
    const line = Uint8Array.of(0xff, 0x00, 0xfe, 0x1b);
    expect(cutRecord(line, 'stdout', facts).bytes).toEqual(line);
    expect(cutRecord(line, 'stderr', facts).bytes).toEqual(line);
  });

  test('is cut out of the middle of a larger piece of memory', () => {
    const line = Buffer.from('before middle after').subarray(7, 13);
    expect(cutRecord(line, 'stdout', facts)).toMatchObject({ value: 'middle' });
  });
});

describe('a line of a run that writes JSON', () => {
  const ndjson = { ...facts, outputFormat: 'ndjson' } as const;

  test.each([
    ['{"a":[1,null]}', { a: [1, null] }], ['12.5', 12.5], ['true', true], ['null', null], ['"text"', 'text'], [' [ ] ', []],
  ])('%s is a value of its type', (line, value) => {
    expect(cutRecord(bytes(line), 'stdout', ndjson)).toEqual({ stream: 'output', value });
  });

  test.each(['oops', '', '{"a":', "{'a':1}", 'NaN', '1 2'])('%j is kept as text with its bytes, and has a warning to give', (line) => {
    expect(cutRecord(bytes(line), 'stdout', ndjson)).toEqual({ stream: 'output', value: line, bytes: bytes(line), firstWarning: expect.stringContaining(`not JSON and is kept as text: ${line}`) });
  });

  test('does not repeat a long line in the warning', () => {
    expect(cutRecord(bytes('x'.repeat(10_000)), 'stdout', ndjson).firstWarning?.length).toBeLessThan(200);
  });

  test('is a stream command all the same, unless it is said otherwise', () => {
    expect(cutRecord(bytes('::warning::w'), 'stdout', ndjson)).toEqual({ stream: 'warning', value: 'w' });
    expect(cutRecord(bytes('::warning::w'), 'stdout', { ...ndjson, streamCommands: false })).toMatchObject({ stream: 'output', value: '::warning::w' });
  });

  test('of stderr is an Error record', () => {
    expect(cutRecord(bytes('{}'), 'stderr', ndjson)).toMatchObject({ stream: 'error', value: { message: '{}' } });
  });
});
