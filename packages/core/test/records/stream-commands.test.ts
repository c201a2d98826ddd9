import { describe, expect, test } from 'vitest';
import { streamCommand } from '../../src/index.ts';

describe('a stream command', () => {
  test.each([
    ['::warning::low disk', { stream: 'warning', value: 'low disk' }],
    ['::verbose::step 1', { stream: 'verbose', value: 'step 1' }],
    ['::debug::x=1', { stream: 'debug', value: 'x=1' }],
    ['::information::hello', { stream: 'information', value: { message: 'hello' } }],
    ['::notice::hello', { stream: 'information', value: { message: 'hello' } }],
    ['::error::no space', { stream: 'error', value: { message: 'no space' } }],
    ['::warning::', { stream: 'warning', value: '' }],
    ['::warning:: two  blanks ', { stream: 'warning', value: ' two  blanks ' }],
    ['::warning::a::b::c', { stream: 'warning', value: 'a::b::c' }],
    ['::warning::::', { stream: 'warning', value: '::' }],
    ['::error::ümlaut 😀', { stream: 'error', value: { message: 'ümlaut 😀' } }],
    ['::progress activity=Copy,percent=40::half way', { stream: 'progress', value: { activity: 'Copy', percent: 40, status: 'half way' } }],
    ['::progress activity=Copy all,percent=0::begin', { stream: 'progress', value: { activity: 'Copy all', percent: 0, status: 'begin' } }],
    ['::progress activity=Copy,percent=100::done', { stream: 'progress', value: { activity: 'Copy', percent: 100, status: 'done' } }],
    ['::progress activity=Copy,percent=12.5::a::b', { stream: 'progress', value: { activity: 'Copy', percent: 12.5, status: 'a::b' } }],
  ])('%j is a record of its stream', (line, record) => {
    expect(streamCommand(line)).toEqual(record);
  });

  test.each([
    [''],
    ['plain'],
    ['::'],
    ['::::'],
    [':warning::x'],
    ['::warning:x'],
    ['::warning'],
    [' ::warning::x'],
    ['x::warning::y'],
    ['::Warning::x'],
    ['::WARNING::x'],
    ['::warn::x'],
    ['::output::x'],
    ['::group::x'],
    ['::constructor::x'],
    ['::warning ::x'],
    ['::warning file=a.js,line=1::x'],
    ['::error title=t::x'],
    ['::progress::x'],
    ['::progress activity=Copy::x'],
    ['::progress percent=40::x'],
    ['::progress percent=40,activity=Copy::x'],
    ['::progress activity=,percent=40::x'],
    ['::progress activity=Copy,percent=::x'],
    ['::progress activity=Copy,percent=101::x'],
    ['::progress activity=Copy,percent=100.1::x'],
    ['::progress activity=Copy,percent=1000::x'],
    ['::progress activity=Copy,percent=-1::x'],
    ['::progress activity=Copy,percent=half::x'],
    ['::progress activity=Copy,percent=NaN::x'],
    ['::progress activity=Copy,percent=1e1::x'],
    ['::progress activity=Copy,percent=0x10::x'],
    ['::progress activity=Copy,percent=40,extra=1::x'],
    ['::progress activity=Copy, percent=40::x'],
  ])('%j only looks like one', (line) => {
    expect(streamCommand(line)).toBeUndefined();
  });

  test.each([
    ['colons without end', `::warning ${':'.repeat(50_001)}`],
    ['facts without end', `::progress ${'a:b '.repeat(20_000)}`],
    ['digits without end', `::progress activity=a,percent=${'1'.repeat(50_000)}::`],
  ])('with %s is answered promptly', (_what, line) => {
    const begin = performance.now();
    streamCommand(line);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
