import { readFile } from 'node:fs/promises';
import { isBroken, type BrokenDefinition, type Definition, type DefinitionSource, type SourceFiles } from '@nightshift/sdk';
import { LATE, within } from '../real-time.ts';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

/** Of the one who runs the tests: nobody else writes what they read. */
const FILES: SourceFiles = { read: (file) => readFile(file) };

const NOBODY = 'there-is-no-definition-of-this-name';

/** Of a type that brings its own definitions. */
export const sourceProperties: readonly Property<JobTypeSubject>[] = [
  {
    title: 'answers that a definition of an unknown name is not its own',
    async check(subject) {
      const found = await asked(subject, 'find()', sourceOf(subject).find(NOBODY, undefined, FILES));
      must(Array.isArray(found) && found.length === 0, `find() of a name that nobody has answered ${shown(found)}`, 'Answer with an empty list: it means "not mine", and the next source is asked');
    },
  },
  {
    title: 'lists its definitions in name order, and finds each by its name, whatever the case',
    async check(subject) {
      const listed = await asked(subject, 'list()', collected(sourceOf(subject).list(undefined, FILES)));
      const names = listed.map(({ name }) => name);
      const ordered = names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
      must(JSON.stringify(names.map((name) => name.toLowerCase())) === JSON.stringify(ordered.map((name) => name.toLowerCase())), `list() gives ${shown(names)}`, 'Give the definitions in name order');
      for (const one of listed) {
        for (const name of [one.name, one.name.toUpperCase()]) {
          const found = await asked(subject, 'find()', sourceOf(subject).find(name, undefined, FILES));
          must(found.some((other) => other.name.toLowerCase() === one.name.toLowerCase()), `list() gives ${shown(one.name)}, and find(${shown(name)}) does not`, 'Compare names without case');
        }
        mustBeDefinition(one);
      }
    },
  },
  {
    title: 'finds and lists the same each time',
    async check(subject) {
      const [one, other] = [await asked(subject, 'list()', collected(sourceOf(subject).list(undefined, FILES))), await asked(subject, 'list()', collected(sourceOf(subject).list(undefined, FILES)))];
      must(JSON.stringify(one) === JSON.stringify(other), 'list() gives other definitions the second time', 'Let every call be repeatable: hosts list again and again');
    },
  },
];

function sourceOf({ type }: JobTypeSubject): DefinitionSource {
  return type.definitions as DefinitionSource;
}

async function asked<T>({ patience = PATIENCE }: JobTypeSubject, call: string, answer: Promise<T>): Promise<T> {
  let result: T | typeof LATE;
  try {
    result = await within(patience, answer);
  } catch (thrown) {
    throw wrongly(`${call} failed: ${shown(thrown)}`, 'Answer with what there is; what cannot be used is a BrokenDefinition with its errors');
  }
  if (result === LATE) throw wrongly(`${call} did not answer within ${patience} ms`, 'Answer soon: every verb that reads definitions waits for it');
  return result;
}

async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function mustBeDefinition(one: Definition | BrokenDefinition): void {
  must(typeof one.location === 'string' && one.location !== '', `the definition ${one.name} has no \`location\``, 'Say where it lies: it is shown in every error');
  if (isBroken(one)) must(one.errors.length > 0, `the broken definition ${one.name} has no errors`, 'Say what is wrong with it');
  else must(typeof one.key === 'string' && one.key.endsWith(`/${one.name.toLowerCase()}`), `the definition ${one.name} has the key ${shown(one.key)}`, 'A key is <namespace>/<name in lower case>');
}
