import { expect, test } from 'vitest';
import { Incoming } from '../src/client/incoming.ts';

const NONCE = 'f'.repeat(32);

function heard(): { readonly stream: Incoming; readonly news: string[]; readonly written: () => string } {
  const news: string[] = [];
  const stream = new Incoming(NONCE, { said: (words) => news.push(`(${words.join(' ')})`), wrote: (bytes) => news.push(Buffer.from(bytes).toString('latin1')) });
  return { stream, news, written: () => news.filter((one) => !one.startsWith('(')).join('') };
}

const WHOLE = `noise\nno end${NONCE} hello\n${NONCE} started\none\ntwo\nhalf ${NONCE.slice(0, 30)}x${NONCE} over 1 2\n of it\n${NONCE} end\n`;

test.each([1, 2, 7, 33, 10_000])('whatever the pieces, bytes and words come in their order (%i bytes a piece)', (size) => {
  const { stream, news, written } = heard();
  for (let at = 0; at < WHOLE.length; at += size) stream.push(Buffer.from(WHOLE.slice(at, at + size), 'latin1'));
  stream.finish();
  expect(written()).toBe(`one\ntwo\nhalf ${NONCE.slice(0, 30)}x of it\n`);
  expect(news.filter((one) => one.startsWith('('))).toEqual(['(hello)', '(started)', '(over 1 2)', '(end)']);
  expect([stream.received, stream.noise]).toEqual([written().length, 'no end']);
});

test('a line that has no end so far is kept back, and counted', () => {
  const { stream, written } = heard();
  stream.push(Buffer.from(`${NONCE} hello\na line\nhalf a line that is longer than a word of ours`));
  expect(written()).toBe('a line\n');
  stream.push(Buffer.from(`${NONCE} ok\n`));
  expect([stream.received, written()]).toEqual(['a line\nhalf a line that is longer than a word of ours'.length, 'a line\n']);
  stream.finish();
  expect(written()).toBe('a line\nhalf a line that is longer than a word of ours');
});

test('of a line without an end nothing is lost, and at most a mebibyte is kept', () => {
  const { stream, written } = heard();
  stream.push(Buffer.from(`${NONCE} hello\n`));
  for (let piece = 0; piece < 40; piece++) stream.push(Buffer.alloc(65_536, 'x'));
  expect(written().length).toBeGreaterThan(40 * 65_536 - 1_200_000);
  stream.push(Buffer.from(`${NONCE} over\n`));
  stream.finish();
  expect(written()).toBe('x'.repeat(40 * 65_536));
});

test('words of ours that do not end are no words of ours', () => {
  const { stream } = heard();
  expect(() => stream.push(Buffer.from(`${NONCE} ${'x'.repeat(10_000)}`))).toThrow('does not keep to what was agreed');
});
