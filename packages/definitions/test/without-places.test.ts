import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isBroken, type Definition } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { withoutPlaces } from '../src/index.ts';
import { check, valid } from './folder.ts';

const TEXT = `description: A description that is longer than a few letters
job: { command: [node, work.mjs, .inf, -0, null, true, "a text with \\u00e4 and \\U0001f319 in it"] }
timeZone: Europe/Berlin
triggers: [{ cron: "0,5,10,15,20,25 8-18 * * 1-5", id: 3 }]
options: { catchUp: { policy: latest, window: 1h } }
maxResultCount: 7
enabled: false
`;

test('a definition without places says what it said, but not where', async () => {
  const definition = await valid(TEXT);
  const { place, ...rest } = definition;
  expect(place).toBeDefined();
  const kept = withoutPlaces(definition);
  expect(kept).toEqual(rest);
  expect(kept).not.toHaveProperty('place');
  expect(Object.getPrototypeOf(kept.triggers?.[0])).toBeNull();
  expect(Object.isFrozen(kept.triggers?.[0])).toBe(true);
});

test('a broken one keeps its errors with their places', async () => {
  const found = await check('job: { command: [true] }\nenabled: yes\n');
  expect(isBroken(found) && found.errors).toMatchObject([{ line: 2 }]);
  const { place: _, ...rest } = found;
  expect(withoutPlaces(found)).toEqual(rest);
});

test('the texts of definitions that are kept without places go', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const kept: Definition[] = [];
  const load = async (): Promise<void> => {
    // A hundred files of 200 KB, of which next to nothing is kept.
    for (let n = 0; n < 100; n++) kept.push(withoutPlaces(await valid(`${TEXT}${`# a comment that fills the file ${n}\n`.repeat(5_000)}`)));
  };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await load();
  collectGarbage();
  expect(kept).toHaveLength(100);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
}, 60_000);
