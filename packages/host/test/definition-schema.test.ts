import { globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DEFINITION_KEYS, type Keys, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS } from '@nightshift/definitions';
import { parseDuration } from '@nightshift/sdk';
import { JOB_KEYS } from '../../../plugins/background-job/src/spec.ts';
import { createHost } from '../src/create-host.ts';
import { schemaOfDefinitions } from '../src/definition-schema.ts';
import type { Authoring } from '../src/index.ts';
import { faultsOf } from './draft-07.ts';
import { temporaryFolder } from './folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const schema = schemaOfDefinitions();

/** As an editor sees the text: values of JSON. */
function seen(text: string, authoring: Authoring): unknown {
  return JSON.parse(JSON.stringify(authoring.readForeignYaml(text, 'a.yaml')[0]));
}

function project(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.git'));
  return folder;
}

async function authoringIn(folder: string): Promise<Authoring> {
  return (await createHost({ environment: { NIGHTSHIFT_STATE_DIR: join(folder, 'state'), HOME: folder }, workingDirectory: folder }).wiring()).authoring;
}

/** Complaints that depend on what is on the disk are none of the text's. */
const OF_THE_PLACE = ['InvalidFilePathParameter', 'DefinitionUnsafe'];

describe('the schema', () => {
  test('accepts every definition of the repository that validate accepts', async () => {
    const folder = project();
    const authoring = await authoringIn(folder);
    const files = globSync(['definitions/**/*.yaml', 'test/cases/**/*.{yaml,yml}', 'packages/*/test/**/*.yaml'], { cwd: root }).filter((file) => !/nightshift\.ya?ml$/.test(file));
    let accepted = 0;
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      const { errors } = await authoring.checkText(join(folder, 'A.yaml'), text);
      if (errors.some(({ code }) => !OF_THE_PLACE.includes(code))) continue;
      expect({ file, faults: faultsOf(schema, seen(text, authoring)) }).toEqual({ file, faults: [] });
      accepted++;
    }
    expect(accepted).toBeGreaterThan(15);
  });

  test.each([
    'job: { command: echo }',
    'type: psscheduledjob\njob: { type: backgroundJOB, command: [echo] }',
    'type: BackgroundJob\njob: { filePath: a.sh }\ndescription: x',
    'job: { type: NoteJob, anything: 1 }',
    'type: NoteJob\njob: { anything: 1 }',
    'job: { scriptBlock: "x", shell: BASH, argumentList: [a, 1, true], environment: { A: 1, B: false }, successExitCodes: [0, 255] }',
    'job: { command: [a], secrets: { TOKEN: "env:X" }, inputObject: [a], outputFormat: NDJSON, streamCommands: false, authentication: default }',
    'job: { command: [a] }\ntriggers:\n- cron: { expression: "* * * * *" }\n  dayMatch: AND\n- cron: "@daily"\n- every: PT5M\n- every: { duration: 1h30m }\n- atStartup: {}\n- atLogOn: { user: me }',
    'job: { command: [a] }\ntriggers:\n- weekly: { at: 23:00, daysOfWeek: monday }\n- weekly: { at: "23:00", daysOfWeek: [0, 6, SUNDAY] }\n- weekly: { at: "23:00", daysOfWeek: 1 }\n- weekly: { at: "1:00", daysOfWeek: "Monday, Friday" }',
    'job: { command: [a] }\noptions: { requireNetwork: true, timeout: 0, gracePeriod: 1.5s, outputLimit: 1.5 GiB, multipleInstancePolicy: queue, retry: { factor: 1.5 } }',
    'job: { command: [a] }\ntimeZone: Europe/Berlin\nmaxResultCount: 1\nenabled: false',
  ])('accepts %j', async (text) => {
    const authoring = await authoringIn(project());
    expect(faultsOf(schema, seen(text, authoring))).toEqual([]);
  });

  test.each([
    ['nothing to run', '{}'],
    ['an empty job', 'job: {}'],
    ['no map', '[]'],
    ['an unknown key', 'job: { command: [a] }\nbogus: 1'],
    ['an unknown key of a job', 'job: { comand: [a] }'],
    ['two things to run', 'job: { command: [a], scriptBlock: b }'],
    ['a delegate of a delegate', 'job: { type: scheduledjob, command: [a] }'],
    ['triggers of a type without', 'type: BackgroundJob\njob: { command: [a] }\ntriggers: []'],
    ['a type inside a type without', 'type: BackgroundJob\njob: { type: BackgroundJob, command: [a] }'],
    ['an empty command', 'job: { command: [] }'],
    ['a number in a command', 'job: { command: [sleep, 5] }'],
    ['a template', 'job: { command: [echo, "{{ name }}"] }'],
    ['a blank program', 'job: { command: " " }'],
    ['a shell that nobody knows', 'job: { scriptBlock: a, shell: zsh }'],
    ['a runtime with blanks', 'job: { filePath: a, runtime: node 22 }'],
    ['a map as argument', 'job: { command: [a], argumentList: [{ a: 1 }] }'],
    ['a name that is no variable', 'job: { command: [a], environment: { "A-B": 1 } }'],
    ['an injected variable', 'job: { command: [a], environment: { ld_preload: x } }'],
    ['a secret as value', 'job: { command: [a], secrets: { TOKEN: hunter2 } }'],
    ['an exit code of 256', 'job: { command: [a], successExitCodes: [256] }'],
    ['an exit code of 1.5', 'job: { command: [a], successExitCodes: [1.5] }'],
    ['a boolean as text', 'job: { command: [a] }\nenabled: yes'],
    ['no zone', 'job: { command: [a] }\ntimeZone: +01:00'],
    ['no results', 'job: { command: [a] }\nmaxResultCount: 0'],
    ['a trigger without kind', 'job: { command: [a] }\ntriggers: [{ enabled: true }]'],
    ['a trigger of two kinds', 'job: { command: [a] }\ntriggers: [{ every: 5m, cron: "* * * * *" }]'],
    ['triggers as a map', 'job: { command: [a] }\ntriggers: { every: 5m }'],
    ['an unknown key of a trigger', 'job: { command: [a] }\ntriggers: [{ daily: { at: "1:00", days: 1 } }]'],
    ['a missing key of a trigger', 'job: { command: [a] }\ntriggers: [{ weekly: { at: "1:00" } }]'],
    ['a day that is none', 'job: { command: [a] }\ntriggers: [{ weekly: { at: "1:00", daysOfWeek: [7] } }]'],
    ['an interval of 0', 'job: { command: [a] }\ntriggers: [{ daily: { at: "1:00", daysInterval: 0 } }]'],
    ['a bare number for a duration', 'job: { command: [a] }\noptions: { timeout: 90 }'],
    ['an unknown unit', 'job: { command: [a] }\noptions: { timeout: 1y }'],
    ['an unknown policy', 'job: { command: [a] }\noptions: { multipleInstancePolicy: None }'],
    ['an option in two spellings', 'job: { command: [a] }\noptions: { requireNetwork: true, runWithoutNetwork: false }'],
    ['an elevated run', 'job: { command: [a] }\noptions: { runElevated: true }'],
    ['catching up without a policy', 'job: { command: [a] }\noptions: { catchUp: { window: 1h } }'],
    ['an output limit without a unit', 'job: { command: [a] }\noptions: { outputLimit: 200 }'],
  ])('refuses %s, as validate does', async (_, text) => {
    const folder = project();
    const authoring = await authoringIn(folder);
    expect((await authoring.checkText(join(folder, 'A.yaml'), text)).errors).not.toEqual([]);
    expect(faultsOf(schema, seen(text, authoring))).not.toEqual([]);
  });

  test.each(['0', '90s', '250ms', '1h30m', '2d', '1w', '1.5h', 'PT15M', 'P1W', 'P1DT2H', 'P1.5D', 'PT1.5S', '', ' 5m', '5', '-5m', '5 m', '5M', 'P', 'PT', 'P1DT', 'P1Y', 'PT1', 'pt5m', '1h 30m', '5m5', '.5h'])('reads the duration %j as everybody does', (text) => {
    const isDuration = (): boolean => {
      try {
        parseDuration(text);
        return true;
      } catch {
        return false;
      }
    };
    expect(faultsOf(schema, { job: { command: 'a' }, options: { timeout: text } }).length === 0).toBe(isDuration());
  });

  test('knows the keys of the tables, and no others', () => {
    expect(keysIn(schema)).toEqual(Object.keys(DEFINITION_KEYS));
    expect(keysIn(at(schema, 'properties', 'options'))).toEqual(Object.keys(OPTION_KEYS));
    expect(keysIn(at(schema, 'properties', 'triggers', 'items'))).toEqual(Object.keys({ ...TRIGGER_KINDS, ...TRIGGER_KEYS }));
    for (const [kind, { value }] of Object.entries(TRIGGER_KINDS)) {
      const described = at(schema, 'properties', 'triggers', 'items', 'properties', kind);
      const map = 'anyOf' in described ? at(described, 'anyOf', '1') : described;
      expect([kind, keysIn(map)]).toEqual([kind, Object.keys((value as { keys: Keys }).keys)]);
    }
  });

  test('knows the keys of a job, and those of a job of another type beside its type', () => {
    const [background, scheduled] = ['BackgroundJob', 'ScheduledJob'].map((name) => branches(schema).find(({ text }) => text.includes(inBothCases(name)))?.job);
    expect(keysIn(background)).toEqual(Object.keys(JOB_KEYS));
    expect(keysIn(at(scheduled, 'allOf', '0', 'then'))).toEqual(['type', ...Object.keys(JOB_KEYS)]);
  });

  test('says of every key what it is for, and has examples that it accepts', () => {
    for (const [path, property] of propertiesIn(schema)) {
      expect([path, typeof property['description']]).toEqual([path, 'string']);
      for (const example of (property['examples'] ?? []) as readonly unknown[]) expect([path, faultsOf(property, example)]).toEqual([path, []]);
      if (property['default'] !== undefined) expect([path, faultsOf(property, property['default'])]).toEqual([path, []]);
    }
  });

  test('is the same each time it is made', () => {
    expect(JSON.stringify(schemaOfDefinitions())).toBe(JSON.stringify(schema));
  });
});

type Schema = Readonly<Record<string, unknown>>;

function at(schema: unknown, ...path: readonly string[]): Schema {
  return path.reduce<unknown>((node, key) => (node as Schema)[key], schema) as Schema;
}

function keysIn(schema: unknown): readonly string[] {
  return Object.keys(at(schema, 'properties'));
}

function branches(schema: Schema): readonly { readonly text: string; readonly job: unknown }[] {
  return (schema['allOf'] as readonly Schema[]).map((branch) => ({ text: JSON.stringify(branch['if']), job: at(branch, 'then', 'properties', 'job') }));
}

function inBothCases(name: string): string {
  return `(?:${name.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`)}`;
}

/** Every property with a description of its own, and where it is; conditions describe nothing. */
function propertiesIn(node: unknown, path = ''): readonly (readonly [string, Schema])[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, member]) => {
    if (['if', 'examples', 'default', 'enum'].includes(key)) return [];
    const own = key === 'properties' && !path.endsWith('then') ? Object.entries(member as Record<string, Schema>).map(([name, property]) => [`${path}/${name}`, property] as const) : [];
    return [...own, ...propertiesIn(member, `${path}/${key}`)];
  });
}
