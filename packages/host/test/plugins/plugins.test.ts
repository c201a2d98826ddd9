import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { complaintOf, contentOf, until, write } from '../folder.ts';
import { ANY_SPEC, commandType, pluginText } from './planted.ts';
import { openNightshift } from '../../src/library.ts';
import { pluginPlace, type PluginPlace } from './place.ts';

const FINE = pluginText('fine', commandType('FineJob', `return { argv: ['echo', 'fine', ...(request.spec.words ?? [])] };`, `aliases: ['PSFine']`));
const SINGS = `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.FOLDER + 'sung', '');\n${FINE}`;
const COUNTS = `import { appendFileSync } from 'node:fs'; appendFileSync(process.env.FOLDER + 'loads', 'x');\n${FINE}`;

/** What is built in is no matter here. */
async function everyType(place: PluginPlace) {
  const { types, problems } = await place.host().everyJobType();
  const own = types.filter(({ plugin }) => plugin.path !== undefined);
  return { types: own, names: own.map(({ type }) => type.name), problems };
}
const typesOf = async (place: PluginPlace): Promise<readonly string[]> => (await everyType(place)).names;
const start = (place: PluginPlace, definitionName: string, typePattern?: string) =>
  place.host().startJob({ what: { definitionName, ...(typePattern === undefined ? {} : { typePattern }) }, callerDirectory: place.project, warn: (warning) => void place.warnings.push(warning) });

describe('plugins that the configuration names', () => {
  test('bring their types, with package, version and folder', async () => {
    const place = pluginPlace({ fine: FINE });
    const { types, problems } = await everyType(place);
    expect(problems).toEqual([]);
    expect(types).toMatchObject([{ type: { name: 'FineJob', aliases: ['PSFine'], description: 'Planted.', runs: 'command', capabilities: { persist: true } }, plugin: { name: 'fine', version: '1.0.0', path: join(place.project, 'fine'), named: './fine' } }]);
  });

  test('may each bring several types, and one that is named twice, by whatever path, is loaded once', async () => {
    const place = pluginPlace({ fine: `import { appendFileSync } from 'node:fs'; appendFileSync(process.env.FOLDER + 'loads', 'x');\n${pluginText('fine', commandType('OneJob'), commandType('TwoJob'))}` });
    symlinkSync(join(place.project, 'fine'), join(place.project, 'link'));
    place.config('./fine', './link', './fine');
    expect(await typesOf(place)).toEqual(['OneJob', 'TwoJob']);
    expect(contentOf(join(place.root, 'loads'))).toBe('x');
  });

  test('are found in node_modules by their names, whatever form their package has', async () => {
    const place = pluginPlace({});
    const install = (name: string, facts: object, file: string, text: string) => {
      write(join(place.project, 'node_modules', name, 'package.json'), JSON.stringify({ name, version: '2.0.0', ...facts }));
      write(join(place.project, 'node_modules', name, file), text);
    };
    install('of-exports', { type: 'module', exports: { '.': { types: './x.d.ts', import: './lib/index.js' } } }, 'lib/index.js', pluginText('of-exports', commandType('ExportsJob')));
    install('@of/a-scope', { main: 'lib' }, 'lib/index.js', pluginText('of-commonjs', commandType('CommonJob')).replace('export default', 'module.exports ='));
    install('of-a-compiler', {}, 'index.js', pluginText('of-a-compiler', commandType('CompiledJob')).replace('export default', 'Object.defineProperty(exports, "__esModule", { value: true }); exports.default ='));
    place.config('of-exports', '"@of/a-scope"', 'of-a-compiler');
    const { types, problems } = await everyType(place);
    expect(problems).toEqual([]);
    expect(types).toMatchObject([{ type: { name: 'ExportsJob' }, plugin: { version: '2.0.0', named: 'of-exports' } }, { type: { name: 'CommonJob' } }, { type: { name: 'CompiledJob' } }]);
  });

  test('are not loaded where nobody has trusted them: the command is in the warning', async () => {
    const place = pluginPlace({ sings: SINGS }, {});
    expect(await typesOf(place)).toEqual([]);
    expect(place.warnings).toMatchObject([{ code: 'ProjectPluginsIgnored', hint: `nightshift trust ${place.project}` }]);
    expect(contentOf(join(place.root, 'sung'))).toBeUndefined();
  });

  test('are not asked by what looks, checks and completes', async () => {
    const place = pluginPlace({ sings: SINGS });
    place.define('Fine', 'type: FineJob\njob: { words: [a] }\n');
    place.define('Nightly', 'triggers: [{ cron: "0 3 * * *" }]\njob: { type: FineJob }\n');
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    const host = place.host();
    const { validate, next, definitionNames } = await host.wiring();
    const verbs = await host.scheduledJobs();
    expect(await definitionNames()).toEqual(['Fine', 'Nightly', 'Plain']);
    expect((await validate([])).files.map(({ errors, warnings }) => [errors.length, warnings.map(({ code }) => code)])).toEqual([[0, ['JobTypeNotInstalled']], [0, ['JobTypeNotInstalled']], [0, []]]);
    expect((await verbs.get({ selector: {}, definitionPath: undefined })).definitions.map(({ name }) => name)).toEqual(['Fine', 'Nightly', 'Plain']);
    expect(await next({ names: [], count: 1, all: false })).toMatchObject({ dueTimes: [{ trigger: { definition: 'Nightly' } }], problems: [] });
    await verbs.disable({ selector: { names: ['Nightly'] }, definitionPath: undefined });
    await host.startJob({ what: { type: 'BackgroundJob', spec: { command: ['true'] }, isChecked: true }, callerDirectory: place.project, warn: () => {} });
    await host.startJob({ what: { definitionName: 'Plain', typePattern: 'BackgroundJob' }, callerDirectory: place.project, warn: () => {} });
    await host.getJobs({});
    expect([place.warnings, contentOf(join(place.root, 'sung')), host.jobTypes.filter(({ plugin }) => plugin.path !== undefined)]).toEqual([[], undefined, []]);
  });

  test('are remembered by validate, so that it doubts only what was never offered', async () => {
    const place = pluginPlace({ fine: FINE });
    place.define('Fine', 'type: PSFINE\njob: {}\n');
    place.define('Nightly', 'triggers: [{ cron: "0 3 * * *" }]\njob: { type: FineJob }\n');
    place.define('Typo', 'type: FinJob\njob: {}\n');
    const doubts = async () => (await (await place.host().wiring()).validate([])).files.map(({ errors, warnings }) => [...errors, ...warnings].map(({ code }) => code));
    expect(await doubts()).toEqual([['JobTypeNotInstalled'], ['JobTypeNotInstalled'], ['JobTypeNotInstalled']]);
    await place.host().everyJobType();
    expect(await doubts()).toEqual([[], [], ['JobTypeNotInstalled']]);
    write(join(place.project, 'fine/package.json'), '{"name":"fine","version":"1.0.1","type":"module"}');
    expect(await doubts()).toEqual([['JobTypeNotInstalled'], ['JobTypeNotInstalled'], ['JobTypeNotInstalled']]);
  });

  test('are loaded once by a host, whatever it starts', async () => {
    const place = pluginPlace({ counts: COUNTS });
    place.define('Fine', 'type: FineJob\njob: { words: [a] }\n');
    const host = place.host();
    for (const name of ['Fine', 'FINE']) await host.startJob({ what: { definitionName: name }, callerDirectory: place.project, warn: () => {} });
    expect(contentOf(join(place.root, 'loads'))).toBe('x');
  });
});

describe('a job of a type that a plugin brings', () => {
  test('bears the name of the type that its author gave it, by whichever way it is started', async () => {
    const place = pluginPlace({ fine: FINE });
    place.define('Fine', 'type: psfine\njob: { words: [a] }\n');
    place.define('Nightly', 'triggers: [{ cron: "0 3 * * *" }]\njob: { type: FineJob, words: [b] }\n');
    expect(await start(place, 'Fine')).toMatchObject({ type: 'FineJob', command: 'echo fine a', state: 'Running' });
    expect(await start(place, 'Fine', 'PSF*')).toMatchObject({ type: 'FineJob' });
    expect(await start(place, 'Nightly')).toMatchObject({ type: 'ScheduledJob', command: 'echo fine b' });
    expect(await place.host().startJob({ what: { type: 'FineJob', spec: {} }, callerDirectory: place.project, warn: () => {} })).toMatchObject({ type: 'FineJob', command: 'echo fine' });
    expect(await place.host().describeStart({ what: { definitionName: 'Fine' }, callerDirectory: place.project, warn: () => {} })).toMatchObject({ type: 'FineJob', command: 'echo fine a' });
    const verbs = await place.host().scheduledJobs();
    expect((await verbs.set({ runNow: true, selector: { names: ['Nightly'] }, definitionPath: undefined })).runs).toMatchObject([{ type: 'ScheduledJob', command: 'echo fine b' }]);
    expect(place.warnings).toEqual([]);
  });

  test('has its spec judged by the schema of the plugin, at the places of the definition', async () => {
    const text = `const spec = { '~standard': { version: 1, vendor: 'x', validate: ({ target }) => typeof target === 'string' ? { value: { target } } : { issues: [{ message: 'name a target', code: 'DefinitionKeyMissing', hint: 'target: manual', path: ['target'] }] } } };`;
    const place = pluginPlace({ strict: `${text}\nexport default { name: 'strict', version: '1.0.0', apiVersion: 1, jobTypes: [${commandType('StrictJob')}] };` });
    place.define('Bad', 'type: StrictJob\njob:\n  target: 7\n');
    expect(await complaintOf(() => start(place, 'Bad'))).toMatchObject({ code: 'DefinitionKeyMissing', message: 'name a target', hint: 'target: manual', line: 3 });
  });

  test.each([
    ['throws', `throw new Error('not today');`, 'PluginLoadFailed', './bad was asked to describe the command of a BadJob and threw Error: not today'],
    ['ends its process', `process.exit(4);`, 'PluginCrashed', './bad ended its process with exit code 4'],
    ['returns rubbish', `return { argv: 'ls', timeout: -1, workingDirectory: 'here' };`, 'PluginMessageInvalid', '"argv" is "ls", not a list of texts, the program first; "workingDirectory" is "here", not an absolute path; "timeout" is -1, not milliseconds'],
    ['returns nothing', ``, 'PluginMessageInvalid', 'it is nothing, not a map'],
    ['returns a NUL', `return { argv: ['a\\0b'] };`, 'PluginMessageInvalid', '"argv"'],
    ['returns ten megabytes', `return { argv: ['x'.repeat(10_000_000)] };`, 'PluginMessageInvalid', 'at most 1048576'],
  ])('whose command %s is not started, and the next one is', async (_what, body, code, message) => {
    const place = pluginPlace({ bad: pluginText('bad', commandType('BadJob', body), commandType('GoodJob')) });
    place.define('Bad', 'type: BadJob\njob: {}\n');
    place.define('Good', 'type: GoodJob\njob: {}\n');
    expect(await complaintOf(() => start(place, 'Bad'))).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await start(place, 'Good')).toMatchObject({ type: 'GoodJob', command: 'echo done' });
    expect((await place.host().getJobs({})).jobs).toHaveLength(1);
  });

  test('that delegates is the parent of the job that the plugin names, whatever it returns besides', async () => {
    const place = pluginPlace({ wraps: pluginText('wraps', `{ name: 'WrapJob', description: 'Wraps.', runs: 'delegate', capabilities: {}, spec, delegate: async (request) => ({ type: request.spec.as, spec: { command: ['echo', request.name] }, evil: 1 }) }`) });
    place.define('Wrapped', 'type: WrapJob\njob: { as: BackgroundJob }\n');
    place.define('Lost', 'type: WrapJob\njob: { as: NowhereJob }\n');
    place.define('Wrong', 'type: WrapJob\njob: { as: [] }\n');
    expect(await start(place, 'Wrapped')).toMatchObject({ type: 'WrapJob', command: 'echo Wrapped' });
    expect(await complaintOf(() => start(place, 'Lost'))).toMatchObject({ code: 'JobTypeNotInstalled', message: expect.stringContaining('NowhereJob') });
    expect(await complaintOf(() => start(place, 'Wrong'))).toMatchObject({ code: 'PluginMessageInvalid', message: expect.stringContaining('"type" is a list, not the name of a job type') });
  });

  const foreseeing = (name: string, foresee: string): string => `{ name: '${name}', description: 'Foresees.', runs: 'code', capabilities: {}, spec, foresee(request) { ${foresee} }, prepare: async () => ({ start: async () => ({ state: 'Completed' }), [Symbol.asyncDispose]: async () => {} }) }`;

  test('that runs code is shown as the plugin foresees it: by its spec, its name, its folder and its arguments', async () => {
    const place = pluginPlace({ sees: pluginText('sees', foreseeing('SeeJob', `return { command: ['see', request.spec.text, request.name, request.workingDirectory, ...request.argumentList].join(' ') };`)) });
    place.define('See', 'type: SeeJob\njob: { text: far }\n');
    expect(await start(place, 'See')).toMatchObject({ type: 'SeeJob', command: `see far See ${place.project}/definitions` });
    const what = { type: 'SeeJob', spec: { text: 'near' } };
    expect(await place.host().startJob({ what, callerDirectory: place.root, argumentList: [7], warn: () => {} })).toMatchObject({ command: `see near  ${place.root} 7` });
  });

  test('that runs code has the children judged that the plugin foresees, and says what keeps it from being suspended', async () => {
    const place = pluginPlace({ sees: pluginText('sees', foreseeing('SeeJob', `return { children: [{ request: { type: request.spec.child, spec: { command: [] } }, path: ['child'] }], cannotSuspend: 'it is in a hurry' };`)) });
    place.define('See', 'type: SeeJob\njob:\n  child: BackgroundJob\n');
    expect(await complaintOf(() => start(place, 'See'))).toMatchObject({ code: 'DefinitionValueInvalid', message: expect.stringContaining('"job.child.command"'), line: 3 });
    expect((await place.host().getJobs({})).jobs).toEqual([]);
  });

  test.each([
    ['is no map', `return 'soon';`, 'PluginMessageInvalid', 'was asked to foresee a SeeJob and answered with something else: it is "soon", not a map'],
    ['has a command that is none', `return { command: ['a'] };`, 'PluginMessageInvalid', '"command" is a list, not a text'],
    ['has a secret in place of a reference', `return { secrets: { TOKEN: 'canary' } };`, 'DefinitionValueInvalid', '"job.secrets.TOKEN" must be a reference to a secret, never the secret'],
    ['is an error', `throw new Error('not today');`, 'PluginLoadFailed', 'was asked to foresee a SeeJob and threw Error: not today'],
    ['is the end of its process', `process.exit(4);`, 'PluginCrashed', 'ended its process with exit code 4'],
    ['has itself as a child, for ever', `return { children: [{ request: { type: 'SeeJob', spec: {} }, path: [] }] };`, 'PluginInvalid', 'no end of children is foreseen for this definition, at last by SeeJob'],
    ['has itself as ten children, for ever', `return { children: Array.from({ length: 10 }, () => ({ request: { type: 'SeeJob', spec: {} }, path: [] })) };`, 'PluginInvalid', 'no end of children is foreseen'],
  ])('whose foresight %s is not started, and the next one is', async (_what, body, code, message) => {
    const place = pluginPlace({ sees: pluginText('sees', foreseeing('SeeJob', body), commandType('GoodJob')) });
    place.define('See', 'type: SeeJob\njob: {}\n');
    place.define('Good', 'type: GoodJob\njob: {}\n');
    const complaint = await complaintOf(() => start(place, 'See'));
    expect(complaint).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(JSON.stringify(complaint)).not.toContain('canary');
    expect(await start(place, 'Good')).toMatchObject({ type: 'GoodJob', command: 'echo done' });
    expect((await place.host().getJobs({})).jobs).toHaveLength(1);
  });

  test('that runs code does it in a process of its own, from the folder of the plugin', async () => {
    const place = pluginPlace({ notes: pluginText('notes', `{ name: 'NoteJob', description: 'Notes.', runs: 'code', capabilities: {}, spec, prepare: async (context) => ({ start: async () => { await context.streams.output.write({ text: context.spec.text }); return { state: 'Completed' }; }, [Symbol.asyncDispose]: async () => {} }) }`) });
    place.define('Note', 'type: NoteJob\njob: { text: hello }\n');
    const host = place.host();
    const { id } = await host.startJob({ what: { definitionName: 'Note' }, callerDirectory: place.project, warn: () => {} });
    expect((await host.waitJobs({ ids: [id] }, { timeout: 20_000 })).jobs).toMatchObject([{ type: 'NoteJob', state: 'Completed', statusMessage: '' }]);
    await using nightshift = openNightshift(place.options);
    const values: unknown[] = [];
    for await (const { value } of nightshift.receiveJob(id)) values.push(value);
    expect(values).toEqual([{ text: 'hello' }]);
  });
});

describe('plugins that cannot be used', () => {
  const BAD = {
    nothing: `export const other = 1;`,
    later: `export default { name: 'later', version: '1.0.0', apiVersion: 2 };`,
    throws: `throw new TypeError('no database');`,
    exits: `console.error('going away'); process.exit(3);`,
    takes: pluginText('takes', commandType('backgroundjob'), commandType('BesideJob')),
    claims: `${ANY_SPEC} export default { name: 'claims', version: '1.0.0', apiVersion: 1, jobTypes: [{ name: 'ClaimJob', description: 'Claims.', runs: 'code', capabilities: { reattach: true }, spec, prepare() {} }] };`,
    noisy: `Object.prototype.polluted = 1; process.stdout.write('{"id":1,"value":{"name":"lie","jobTypes":[]}}\\n');\n${pluginText('noisy', commandType('NoisyJob'))}`,
  };

  test('are lost one by one, with the reason and the name by which they are configured; all others can be used', async () => {
    const place = pluginPlace({ ...BAD, fine: FINE });
    place.config(...Object.keys(BAD).map((name) => `./${name}`), './gone', 'not-installed', './fine');
    const { names, problems } = await everyType(place);
    expect(names).toEqual(['BesideJob', 'NoisyJob', 'FineJob']);
    expect(problems.map(({ code, message }) => `${code}: ${message.replaceAll(place.project, '<project>')}`)).toEqual([
      'PluginLoadFailed: the plugin ./gone is not there: there is no folder <project>/gone',
      'PluginLoadFailed: the plugin not-installed is not there: no package of this name is in node_modules, from <project> upward',
      'PluginInvalid: the plugin ./nothing cannot be used: exports nothing where a plugin is wanted: "export default definePlugin({ name, version, apiVersion, jobTypes })"',
      'PluginInvalid: the plugin ./later cannot be used: speaks contract version 2; this Nightshift speaks 1',
      'PluginLoadFailed: the plugin ./throws cannot be loaded: importing it threw TypeError: no database',
      'PluginCrashed: the plugin ./exits ended its process with exit code 3; its last words: going away',
      'PluginInvalid: the plugin ./claims cannot be used: job type ClaimJob declares the capability reattach but has no method reattach',
      'JobTypeConflict: the plugin takes@1.0.0 (<project>/takes) offers a job type of the name backgroundjob, which is built in (@nightshift/background-job)',
    ]);
  });

  test('are warnings of a start that needs none of them', async () => {
    const place = pluginPlace({ throws: BAD.throws, fine: FINE });
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    place.define('Fine', 'type: FineJob\njob: {}\n');
    expect(await start(place, 'Plain')).toMatchObject({ state: 'Running' });
    expect(await start(place, 'Fine')).toMatchObject({ type: 'FineJob' });
    expect(place.warnings.map(({ code }) => code)).toEqual(['PluginLoadFailed', 'PluginLoadFailed']);
  });

  test('may be the reason why a type is missing, which is said then', async () => {
    const place = pluginPlace({ throws: BAD.throws });
    place.define('Lost', 'type: LostJob\njob: {}\n');
    expect(await complaintOf(() => start(place, 'Lost'))).toMatchObject({ code: 'JobTypeNotInstalled', message: 'no installed plugin offers the job type "LostJob"; one that cannot be used might: the plugin ./throws cannot be loaded: importing it threw TypeError: no database', line: 1 });
    expect(await complaintOf(() => start(place, 'Lost', 'LostJob'))).toMatchObject({ code: 'JobTypeNotInstalled' });
  });

  test('of one type name are both refused it, in any case, and keep their other types', async () => {
    const place = pluginPlace({ a: pluginText('a', commandType('SharedJob'), commandType('AJob')), b: pluginText('b', commandType('SHAREDJOB'), commandType('BJob')) });
    place.define('Shared', 'type: sharedjob\njob: {}\n');
    place.define('B', 'type: BJob\njob: {}\n');
    expect(await typesOf(place)).toEqual(['AJob', 'BJob']);
    for (const type of [undefined, 'SharedJob']) {
      expect(await complaintOf(() => start(place, 'Shared', type))).toMatchObject({ code: 'JobTypeConflict', message: expect.stringMatching(/from two plugins, a@1\.0\.0 .+ and b@1\.0\.0 .+: neither is used/), hint: 'take ./a or ./b out of "plugins" in the configuration' });
    }
    expect(await start(place, 'B')).toMatchObject({ type: 'BJob' });
  });
});

describe('a type with definitions of its own', () => {
  const SOURCE = (body: string) => pluginText('cloud', `{ name: 'CloudJob', description: 'Of the cloud.', runs: 'delegate', capabilities: { triggers: true, persist: true }, spec, delegate: ({ spec }) => ({ type: 'BackgroundJob', spec: { command: ['echo', spec.word] } }), definitions: { places: ['the cloud'], ${body} } }`);
  const HOLDS = (definitions: string) => SOURCE(`held: () => ${definitions}, async find(name) { return this.held().filter((one) => one.name.toLowerCase() === name.toLowerCase()); }, async *list() { yield* this.held(); }`);

  test('is asked by the start, and what it says is held against the rules for files', async () => {
    const place = pluginPlace({ cloud: HOLDS(`[{ key: 'stolen/plain', name: 'Rain', type: 'OtherJob', location: 'cloud://rain', spec: { word: 'wet' } }, { name: 'Wrong', location: 'cloud://wrong', spec: {}, triggers: [{ cron: 'never' }] }]`) });
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    expect(await start(place, 'rain')).toMatchObject({ type: 'CloudJob', name: 'Rain', command: 'echo wet', definition: { name: 'Rain', path: 'cloud://rain' } });
    expect(await complaintOf(() => start(place, 'Wrong'))).toMatchObject({ code: 'CronExpressionInvalid', file: 'cloud://wrong' });
    expect(await complaintOf(() => start(place, 'Snow'))).toMatchObject({ code: 'StartJobFromDefinitionNameNotFound', message: expect.stringContaining('the cloud') });
    expect(place.warnings).toEqual([]);
  });

  test('that answers to a name of a file leaves it open which one is meant', async () => {
    const place = pluginPlace({ cloud: HOLDS(`[{ name: 'Plain', location: 'cloud://plain', spec: { word: 'wet' } }]`) });
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    expect(await complaintOf(() => start(place, 'Plain'))).toMatchObject({ code: 'StartJobFromDefinitionNameMoreThanOneMatch', message: expect.stringMatching(/BackgroundJob in .+; CloudJob in cloud:\/\/plain/) });
    expect(await start(place, 'Plain', 'CloudJob')).toMatchObject({ command: 'echo wet' });
  });

  test('that answers only by its type leaves the name of a file to the file', async () => {
    const place = pluginPlace({ cloud: HOLDS(`[{ name: 'Plain', location: 'cloud://plain', spec: { word: 'wet' } }]`).replace('places:', 'onlyByType: true, places:') });
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    expect(await start(place, 'Plain')).toMatchObject({ type: 'BackgroundJob' });
    expect(await start(place, 'Plain', 'CloudJob')).toMatchObject({ command: 'echo wet' });
  });

  test('says how it calls what can be called so nowhere else', async () => {
    const place = pluginPlace({ cloud: HOLDS(`[{ name: 'rain-eu', sourceName: 'rain:eu', location: 'cloud://rain', spec: { word: 'wet' } }]`) });
    expect(await complaintOf(() => start(place, 'rain:eu', 'CloudJob'))).toMatchObject({ code: 'InvalidDefinitionName', hint: 'did you mean rain-eu? start-job --type CloudJob --definition-name rain-eu' });
  });

  test('reads its files as definition files are read', async () => {
    const place = pluginPlace({ cloud: SOURCE("async find(name, _path, files) { return [{ name, location: 'words', spec: { word: new TextDecoder().decode(await files.read(`${process.env.FOLDER}words`)) } }]; }, async *list() {}") });
    const file = write(join(place.root, 'words'), 'wet');
    expect(await start(place, 'Rain', 'CloudJob')).toMatchObject({ command: 'echo wet' });
    chmodSync(file, 0o666);
    expect(await complaintOf(() => start(place, 'Rain', 'CloudJob'))).toMatchObject({ code: 'StartJobFromDefinitionNameNotFound' });
    expect(place.warnings[0]?.message).toContain('can be written by everybody');
  });

  test.each([
    ['throws', `find() { throw new Error('no network'); }, async *list() {}`, 'threw Error: no network'],
    ['ends its process', `find() { process.exit(2); }, async *list() {}`, 'PluginCrashed: the plugin ./cloud ended its process with exit code 2'],
    ['says what is no definition', `async find() { return 'yes'; }, async *list() {}`, 'PluginMessageInvalid'],
    ['says what has no name', `async find() { return [{}]; }, async *list() {}`, 'PluginMessageInvalid: a definition of type CloudJob has no name'],
  ])('that %s is a warning which names it, and no answer', async (_what, body, message) => {
    const place = pluginPlace({ cloud: SOURCE(body) });
    place.define('Plain', 'type: BackgroundJob\njob: { command: [echo, plain] }\n');
    expect(await start(place, 'Plain')).toMatchObject({ type: 'BackgroundJob' });
    expect(place.warnings).toMatchObject([{ code: 'PluginLoadFailed', message: expect.stringMatching(/^the job type CloudJob could not look for definitions: /) }]);
    expect(place.warnings[0]?.message).toContain(message);
  });
});

describe('a plugin that is programs with a manifest', () => {
  const SINGING = '["sh", "-c", "touch \\"$FOLDER/sung\\""]';
  const manifest = (more: string, type = 'DiskJob') => `{ "name": "disk", "version": "1.0.0", "apiVersion": 1, "jobTypes": [{ "name": "${type}", "description": "Looks at disks.", "capabilities": { "persist": true }, "argv": ${SINGING}${more} }] }`;
  const placeWith = (text: string, more: Readonly<Record<string, string>> = {}): PluginPlace => {
    const place = pluginPlace(more);
    write(join(place.project, 'disk/nightshift-plugin.json'), text);
    write(join(place.project, 'disk/disk.schema.json'), '{ "type": "object", "required": ["folder"], "properties": { "folder": { "type": "string" } } }');
    place.config('./disk', ...Object.keys(more).map((name) => `./${name}`));
    return place;
  };

  test('is known without being run: its types are listed, and validate judges their specs', async () => {
    const place = placeWith(manifest(', "schema": "./disk.schema.json"'));
    place.define('Disk', 'type: DiskJob\njob: { folder: / }\n');
    place.define('Wrong', 'type: DiskJob\njob: { folder: 7 }\n');
    place.define('Nightly', 'triggers: [{ cron: "0 3 * * *" }]\njob: { type: DiskJob }\n');
    const host = place.host();
    const { validate } = await host.wiring();
    expect((await validate([])).files.map(({ errors, warnings }) => [errors.map(({ line }) => line), warnings])).toEqual([[[], []], [[2], []], [[2], []]]);
    expect((await everyType(place)).types).toMatchObject([{ type: { name: 'DiskJob', runs: 'code', capabilities: { persist: true } }, plugin: { name: 'disk', version: '1.0.0', path: join(place.project, 'disk'), named: './disk' } }]);
    expect(contentOf(join(place.root, 'sung'))).toBeUndefined();
  });

  test.each([
    ['is no JSON', '{ "version": "1.0.0",', 'PluginLoadFailed', './disk'],
    ['is of a later contract', '{ "name": "disk", "version": "1.0.0", "apiVersion": 9, "jobTypes": [] }', 'PluginInvalid', 'the plugin ./disk is not one: "disk" speaks contract version 9; this Nightshift speaks 1'],
    ['has more than one mistake', '{ "name": "disk", "version": "1.0.0", "apiVersion": 1, "jobTypes": [{ "name": "Disk Job", "argv": [] }] }', 'PluginInvalid', 'the plugin ./disk is not one: '],
  ])('whose manifest %s is lost with everything that is wrong with it', async (_what, text, code, message) => {
    const { names, problems } = await everyType(placeWith(text, { fine: FINE }));
    expect(names).toEqual(['FineJob']);
    expect(problems).toMatchObject([{ code, message: expect.stringContaining(message) }]);
  });

  test('and one of JavaScript with a type of the same name are both refused it', async () => {
    const place = placeWith(manifest('', 'FineJob'), { fine: FINE });
    const { names, problems } = await everyType(place);
    expect([names, problems.map(({ code }) => code)]).toEqual([[], ['JobTypeConflict']]);
  });
});

test('a host that is closed leaves no process of a plugin behind', async () => {
  const place = pluginPlace({ pid: `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.FOLDER + 'pid', String(process.pid));\n${FINE}` });
  const host = place.host();
  await host.everyJobType();
  const pid = Number(contentOf(join(place.root, 'pid')));
  await host[Symbol.asyncDispose]();
  await until('it has gone', () => contentOf(`/proc/${pid}/cmdline`) === undefined);
});
