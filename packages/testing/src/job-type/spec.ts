import { isDeepStrictEqual } from 'node:util';
import type { AnyJobType, SpecIssue, SpecResult } from '@nightshift/sdk';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { LATE, within } from '../real-time.ts';
import { aDayLater } from './guards.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

type SpecProperty = Property<JobTypeSubject>;

/** What the schema of a type makes of a value. Fails when it throws, or answers with neither a value nor issues. */
export async function judged(type: AnyJobType, value: unknown): Promise<SpecResult<unknown>> {
  let result: unknown;
  try {
    result = await within(PATIENCE, Promise.resolve(type.spec['~standard'].validate(value)));
  } catch (thrown) {
    throw wrongly(`the schema threw ${shown(thrown)} at ${shown(value)}`, 'Answer with { issues } where a value is wrong, whatever kind of value it is');
  }
  if (result === LATE) throw wrongly(`the schema did not answer within ${PATIENCE} ms`, 'Validate at once: definitions are validated when they are listed');
  must(typeof result === 'object' && result !== null && ('value' in result || 'issues' in result), `the schema answered ${shown(value)} with ${shown(result)}`, 'Answer with { value } or { issues }, as Standard Schema has it');
  return result as SpecResult<unknown>;
}

/** The validated form of a spec that must be accepted. */
export async function valueOf(type: AnyJobType, spec: unknown, name: string): Promise<unknown> {
  const result = await judged(type, spec);
  if (result.issues !== undefined) throw wrongly(`the schema refuses the spec \`${name}\`: ${result.issues.map(({ message }) => message).join('; ')}`, 'Accept it, or give the kit another');
  return result.value;
}

const STRANGE: readonly unknown[] = [undefined, null, '', 'text', 0, Number.NaN, true, [], [[]], {}, { '': null }, JSON.parse('{"__proto__":{"x":1}}')];
const NAMED = ['completes', 'fails', 'runsUntilStopped'] as const;

/** What is true of every spec schema. */
export function specProperties({ invalid }: JobTypeSubject): readonly SpecProperty[] {
  return [
    ...NAMED.map((name): SpecProperty => ({
      title: `accepts the spec \`${name}\``,
      check: async ({ type, [name]: spec }) => void (await valueOf(type, structuredClone(spec), name)),
    })),
    ...invalid.map((spec, index): SpecProperty => ({
      title: `refuses the ${ordinal(index)} invalid spec ${shown(spec, 40)}`,
      async check({ type }) {
        const { issues } = await judged(type, structuredClone(spec));
        must(issues !== undefined, `the schema accepts ${shown(spec)}`, 'Answer with { issues }: a wrong definition is to be told when it is loaded, not when it runs');
        mustBeIssues(issues);
      },
    })),
    {
      title: 'answers to any value with a value or with issues, and never throws',
      async check({ type }) {
        for (const value of STRANGE) {
          const { issues } = await judged(type, value);
          if (issues !== undefined) mustBeIssues(issues);
        }
      },
    },
    {
      title: 'leaves the value alone that it validates',
      async check({ type, ...specs }) {
        for (const name of NAMED) {
          const value = structuredClone(specs[name]);
          await judged(type, value);
          must(isDeepStrictEqual(value, specs[name]), `the schema changed the spec \`${name}\` into ${shown(value)}`, 'Answer with a new value: the definition is read once and validated often');
        }
      },
    },
    {
      title: 'makes the same of a value each time',
      async check({ type, ...specs }) {
        for (const name of NAMED) {
          const [one, other] = [await valueOf(type, structuredClone(specs[name]), name), await aDayLater(() => valueOf(type, structuredClone(specs[name]), name))];
          must(isDeepStrictEqual(one, other), `the schema made ${shown(one)} of the spec \`${name}\`, and then ${shown(other)}`, 'Validate by the value alone: a spec is validated when it is loaded and again before each start');
        }
      },
    },
  ];
}

function mustBeIssues(issues: readonly SpecIssue[]): void {
  must(Array.isArray(issues) && issues.length > 0, `the schema answered with the issues ${shown(issues)}`, 'List at least one issue');
  for (const issue of issues) must(typeof issue?.message === 'string' && issue.message.trim() !== '', `an issue of the schema says nothing: ${shown(issue)}`, 'Give each issue a message that says what is wrong with this value');
  for (const { code } of issues) must(code === undefined || (typeof code === 'string' && code !== ''), `an issue of the schema has the code ${shown(code)}`, 'Give the code as a text, in PascalCase, or leave it out');
}

function ordinal(index: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth'][index] ?? `${index + 1}th`;
}
