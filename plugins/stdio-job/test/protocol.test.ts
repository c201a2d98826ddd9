import { describe, expect, test } from 'vitest';
import { type Message } from '../src/message.ts';
import { objection, type Standing } from '../src/protocol.ts';

const MESSAGES: readonly Message[] = [
  { type: 'ready', protocol: 1 }, { type: 'prepared' }, { type: 'record', record: { stream: 'output', value: 1 } }, { type: 'blocked', prompt: '?' },
  { type: 'startChild', ref: 'a', request: { type: 'X', spec: {} } }, { type: 'stopChild', ref: 'a' }, { type: 'suspended' }, { type: 'resumed' },
  { type: 'outcome', outcome: { state: 'Completed' } }, { type: 'outcome', outcome: { state: 'Failed', error: new Error('e') } },
];
const nameOf = (message: Message): string => (message.type === 'outcome' ? `outcome ${message.outcome.state}` : message.type);
const allowed = (standing: Standing): string[] => MESSAGES.filter((message) => objection(standing, message) === undefined).map(nameOf);

describe('a program may say', () => {
  test.each([
    ['hello', ['ready']],
    ['preparing', ['prepared', 'record', 'outcome Failed']],
    ['running', ['record', 'startChild', 'stopChild', 'outcome Completed', 'outcome Failed']],
  ] as const)('at "%s" only %j', (phase, expected) => {
    expect(allowed({ phase, asked: new Set(), capabilities: {} })).toEqual(expected);
  });

  test('what its capabilities and our questions add', () => {
    expect(allowed({ phase: 'running', asked: new Set(['suspend']), capabilities: { input: true } })).toEqual(['record', 'blocked', 'startChild', 'stopChild', 'suspended', 'outcome Completed', 'outcome Failed']);
    expect(allowed({ phase: 'running', asked: new Set(['resume']), capabilities: {} })).toContain('resumed');
  });

  test('"prepared" only with a token where it can be taken up again', () => {
    const standing: Standing = { phase: 'preparing', asked: new Set(), capabilities: { reattach: true } };
    expect(objection(standing, { type: 'prepared' })?.code).toBe('PluginMessageInvalid');
    expect(objection(standing, { type: 'prepared', token: 't' })).toBeUndefined();
  });
});
