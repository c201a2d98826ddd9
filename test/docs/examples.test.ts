import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../docs/generator/definition-page.ts';
import { yaml } from '../../docs/generator/yaml.ts';
import { DEFINITION_KEYS, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule, type Keys } from '../../packages/definitions/src/definition-keys.ts';
import { newPlace } from '../e2e/product.ts';

type Map = Readonly<Record<string, unknown>>;

const JOB = { command: ['true'] };

/** A definition for every example of the tables, under a name that says whose it is. */
function definitions(): Map {
  return {
    ...named('file', DEFINITION_KEYS, (one) => ({ job: JOB, ...one })),
    ...named('option', OPTION_KEYS, (options) => ({ job: JOB, options })),
    ...named('trigger', TRIGGER_KEYS, (one) => triggered({ cron: '0 0 13 * 5', dayMatch: 'or', ...one })),
    ...named('kind', TRIGGER_KINDS, triggered),
    ...inside(TRIGGER_KINDS, (name, kind) => triggered({ [name]: kind })),
    ...inside({ catchUp: OPTION_KEYS['catchUp'] as KeyRule, retry: OPTION_KEYS['retry'] as KeyRule }, (name, option) => ({ job: JOB, options: { [name]: option } })),
  };
}

const triggered = (trigger: Map): Map => ({ job: JOB, triggers: [trigger] });

function named(of: string, keys: Keys, make: (one: Map) => Map): Map {
  return Object.fromEntries(Object.entries(keys).flatMap(([key, { example }]) => (example === undefined ? [] : [[`${of}-${key}`, make({ [key]: example })]])));
}

/** The keys of a map, each beside those that the map's own example has. */
function inside(keys: Keys, make: (name: string, value: Map) => Map): Map {
  return Object.assign({}, ...Object.entries(keys).map(([name, { value, example }]) => {
    if (value.is !== 'map') throw new Error(`${name} is no map`);
    const { repetitionDuration, ...whole } = (typeof example === 'object' ? example : {}) as Map;
    // For ever and until then exclude each other.
    return named(name, value.keys, (one) => make(name, { ...whole, ...('repeatIndefinitely' in one ? {} : { repetitionDuration }), ...one }));
  })) as Map;
}

describe('the examples of the reference', () => {
  test('are right, each by itself, and the whole one too', async () => {
    const { work, run } = newPlace();
    mkdirSync(join(work, 'definitions'));
    writeFileSync(join(work, 'package.json'), '{}');
    writeFileSync(join(work, 'definitions', 'Whole.yaml'), EXAMPLE);
    const all = Object.entries(definitions());
    for (const [name, definition] of all) writeFileSync(join(work, 'definitions', `${name}.yaml`), `${yaml(JSON.parse(JSON.stringify(definition)))}\n`);
    // Warnings are about this machine, such as one that cannot be woken.
    const { code, stdout, stderr } = await run('nightshift', ['validate']);
    expect(code, stderr).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('ok ')).length).toBe(all.length + 1);
    expect(all.length).toBeGreaterThan(60);
  });
});
