import { describe, expect, test } from 'vitest';
import { shorten } from '../../src/print/shorten.ts';

const messageOf = (message: string): string => shorten({ code: 'X', message }).message;

describe('a message', () => {
  test('repeats at most 200 characters of what it quotes', () => {
    expect(messageOf(`no job is named "${'x'.repeat(200)}"`)).toBe(`no job is named "${'x'.repeat(200)}"`);
    expect(messageOf(`no job is named "${'x'.repeat(201)}", nor "${'y'.repeat(5_000)}"`)).toBe(`no job is named "${'x'.repeat(200)}…", nor "${'y'.repeat(200)}…"`);
  });

  test('has at most 1,000 characters, whatever is in it', () => {
    expect(messageOf('"x'.repeat(5_000))).toBe(`${'"x'.repeat(500)}…`);
  });

  test('is not cut in the middle of a character', () => {
    expect(messageOf(`"a${'😀'.repeat(150)}"`)).toBe(`"a${'😀'.repeat(99)}…"`);
  });
});

test('a complaint keeps its place and its excerpt, and its hint is cut likewise', () => {
  const facts = { code: 'X', message: 'm', hint: `"${'x'.repeat(300)}"`, file: 'a.yaml', line: 1, column: 2, excerpt: { text: 'x', length: 1 } };
  expect(shorten(facts)).toEqual({ ...facts, hint: `"${'x'.repeat(200)}…"` });
});
