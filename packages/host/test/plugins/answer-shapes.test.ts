import { describe, expect, test } from 'vitest';
import { childCommandIn, childRequestIn, commandLineIn, descriptionIn, foresightIn, specResultIn } from '../../src/plugins/answer-shapes.ts';

const TYPE = { name: 'AJob', aliases: [], description: 'A.', runs: 'code', capabilities: { persist: true } };

describe('what a plugin answers', () => {
  test.each([
    ['a command', commandLineIn, { argv: ['ls', ''], environment: { A: 'b', C: null }, workingDirectory: '/', timeout: 0, successExitCodes: [0, 255] }],
    ['a child', childRequestIn, { type: 'BackgroundJob', name: 'N', spec: [1] }],
    ['what is known before', foresightIn, { command: 'GET /', children: [{ request: { type: 'AJob', spec: {} }, path: ['steps', 0] }], cannotSuspend: 'why', locations: ['web1'], hidesLocations: true, secrets: { TOKEN: 'env:TOKEN' } }],
    ['nothing known before', foresightIn, {}],
    ['a child that is a program', childCommandIn, { name: 'N', location: 'web1', environment: { A: 'b' }, timeout: 5, gracePeriod: 1, command: { argv: ['ls'], reattach: ['ls', '-l'], input: ['a'] } }],
    ['a spec', specResultIn, { value: { a: 1 } }],
    ['complaints about a spec', specResultIn, { issues: [{ message: 'm', code: 'DefinitionKeyMissing', hint: 'h', path: ['a', 0, { key: 'b' }], at: 'key' }] }],
    ['what it is', descriptionIn, { name: 'p', jobTypes: [{ ...TYPE, definitions: { places: ['x'], onlyByType: false, canWatch: true } }] }],
  ])('is taken over where it is %s', (_what, read, answer) => {
    expect(read(answer)).toEqual({ value: answer });
  });

  test('loses what is not known here', () => {
    expect(commandLineIn(JSON.parse('{"argv":["ls"],"evil":1,"__proto__":{"timeout":5},"input":null}'))).toEqual({ faults: ['"input" is nothing, not a list of lines'] });
    const { value } = commandLineIn(JSON.parse('{"argv":["ls"],"evil":1,"__proto__":{"timeout":5}}')) as unknown as { value: Record<string, unknown> };
    expect([Object.keys(value), value['timeout']]).toEqual([['argv'], undefined]);
    expect(childCommandIn({ type: 'BackgroundJob', spec: {}, command: { argv: ['ls'], evil: 1 } })).toEqual({ value: { command: { argv: ['ls'] } } });
    expect(descriptionIn({ name: 'p', jobTypes: [{ ...TYPE, capabilities: { persist: true, later: true } }] })).toMatchObject({ value: { jobTypes: [{ capabilities: { persist: true } }] } });
  });

  test.each([
    ['no map', commandLineIn, 'ls', 'it is "ls", not a map'],
    ['nothing', commandLineIn, null, 'it is nothing, not a map'],
    ['a command of nothing', commandLineIn, {}, '"argv" is missing'],
    ['an empty command', commandLineIn, { argv: [] }, '"argv" is a list, not a list of texts, the program first'],
    ['a program without a name', commandLineIn, { argv: ['', 'a'] }, '"argv"'],
    ['a NUL in a word', commandLineIn, { argv: ['a', 'b\0'] }, '"argv"'],
    ['a NUL in a variable', commandLineIn, { argv: ['a'], environment: { A: 'b\0' } }, '"environment"'],
    ['a variable that cannot be', commandLineIn, { argv: ['a'], environment: { 'A=B': 'c' } }, '"environment"'],
    ['a folder that begins nowhere', commandLineIn, { argv: ['a'], workingDirectory: 'here' }, '"workingDirectory" is "here", not an absolute path'],
    ['a time before the beginning', commandLineIn, { argv: ['a'], timeout: -1 }, '"timeout" is -1, not milliseconds'],
    ['an exit code beyond all', commandLineIn, { argv: ['a'], successExitCodes: [256] }, '"successExitCodes"'],
    ['a child of no type', childRequestIn, { spec: {} }, '"type" is missing'],
    ['a text in place of what is known before', foresightIn, 'GET /', 'it is "GET /", not a map'],
    ['a command that is no text', foresightIn, { command: 7 }, '"command" is 7, not a text'],
    ['a child without a place', foresightIn, { children: [{ request: { type: 'AJob', spec: {} } }] }, '"children" is a list, not a list of children, each with its request and its path'],
    ['a foreseen child of no type', foresightIn, { children: [{ request: {}, path: [] }] }, '"children"'],
    ['one child in place of a list', foresightIn, { children: { request: { type: 'AJob' }, path: [] } }, '"children" is a map'],
    ['secrets that are no map', foresightIn, { secrets: ['env:A'] }, '"secrets" is a list, not a map of references'],
    ['a child without its program', childCommandIn, { name: 'N' }, '"command" is missing'],
    ['a child whose program is none', childCommandIn, { command: 'ls' }, '"command" is "ls", not a map'],
    ['a child of an empty program', childCommandIn, { command: { argv: ['ls'], reattach: [] } }, 'of its command, "reattach" is a list'],
    ['no result', specResultIn, 7, 'it is 7, not a result of a schema'],
    ['complaints that are none', specResultIn, { issues: [] }, '"issues" is no list of complaints'],
    ['a complaint without words', specResultIn, { issues: [{ code: 'A' }] }, '"message" is missing'],
    ['a complaint with a code that is none', specResultIn, { issues: [{ message: 'm', code: 'rm -rf' }] }, '"code"'],
    ['a plugin without types', descriptionIn, { name: 'p' }, 'it does not say its name and its job types'],
    ['a type of another form', descriptionIn, { name: 'p', jobTypes: [{ ...TYPE, runs: 'daemon' }] }, '"runs" is "daemon", not command, code or delegate'],
    ['a type of an impossible name', descriptionIn, { name: 'p', jobTypes: [{ ...TYPE, name: '__proto__' }] }, '"name"'],
  ])('is refused where it is %s', (_what, read, answer, fault) => {
    expect((read(answer) as { faults?: readonly string[] }).faults?.join()).toContain(fault);
  });
});
