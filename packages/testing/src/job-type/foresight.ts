import { isDeepStrictEqual } from 'node:util';
import { secretFault, type AnyJobType, type CodeJobType, type DescribeRequest, type Foresight } from '@nightshift/sdk';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { aDayLater, withCanaries } from './guards.ts';
import { changesSince, processState } from './process-state.ts';
import { valueOf } from './spec.ts';
import type { JobTypeSubject } from './subject.ts';

const SPECS = ['completes', 'fails', 'runsUntilStopped'] as const;
type SpecName = (typeof SPECS)[number];

async function foreseen({ type, ...specs }: JobTypeSubject, name: SpecName): Promise<Foresight> {
  const request: DescribeRequest<unknown> = { spec: await valueOf(type, structuredClone(specs[name]), name), name: 'Job7', origin: { kind: 'demand', runNow: false }, workingDirectory: process.cwd(), argumentList: [] };
  let answer: unknown;
  try {
    answer = (type as CodeJobType<unknown>).foresee?.(request);
  } catch (thrown) {
    throw wrongly(`foresee() failed for the spec \`${name}\`: ${shown(thrown)}`, 'Refuse in the schema what cannot be run, and foresee the rest');
  }
  must(isMap(answer) && !('then' in answer), `foresee() answered ${answer instanceof Promise ? 'a promise' : shown(answer)}`, 'Answer at once with a map, at least {}');
  return answer as Foresight;
}

const eachSpec = (check: (subject: JobTypeSubject, name: SpecName) => Promise<void>): Property<JobTypeSubject>['check'] => async (subject) => {
  for (const name of SPECS) await check(subject, name);
};

/** Whether there is anything to look at. */
export function foresees(type: AnyJobType): boolean {
  return type.runs === 'code' && type.foresee !== undefined;
}

/** What `foresee()` answers, and that it does nothing else. */
export const foresightProperties: readonly Property<JobTypeSubject>[] = [
  {
    title: 'foresees what a host can show and store',
    check: eachSpec(async (subject, which) => mustBeForesight(await foreseen(subject, which))),
  },
  {
    title: 'foresees the same each time, and does nothing else',
    check: eachSpec(async (subject, which) => {
      const one = await foreseen(subject, which);
      const before = processState();
      const other = await aDayLater(() => foreseen(subject, which));
      const changes = changesSince(before);
      must(isDeepStrictEqual(one, other), `foresee() answered ${shown(one)}, and then ${shown(other)}`, 'Go by the request alone: validation calls it too');
      must(changes.length === 0, `foresee() leaves something behind: ${changes.join(', ')}`, 'Only say what is known: validation calls it too');
    }),
  },
  {
    title: 'foresees no secret, only where one is to be had',
    check: eachSpec(async (subject, which) => {
      const text = JSON.stringify(await withCanaries(() => foreseen(subject, which)));
      const name = /canary-of-([A-Za-z0-9_]+)/.exec(text)?.[1];
      must(name === undefined, `the foresight holds the value of the variable ${name}`, `Name it in \`secrets\`, as { NAME: "env:${name}" }, and find it in context.secrets`);
    }),
  },
];

function mustBeForesight({ command, children, cannotSuspend, secrets }: Foresight): void {
  for (const [member, value] of Object.entries({ command, cannotSuspend })) must(value === undefined || typeof value === 'string', `the foresight has ${shown(value)} as its \`${member}\``, 'Give a text, or leave it out');
  must(children === undefined || (Array.isArray(children) && children.every(isChild)), `the foresight has ${shown(children)} as its \`children\``, 'Give a list of { request: { type, spec }, path }, where `path` leads to the spec of the child');
  must(secrets === undefined || isMap(secrets), `the foresight has ${shown(secrets)} as its \`secrets\``, 'Give names with references, as { TOKEN: "env:REPORT_TOKEN" }');
  for (const [name, reference] of Object.entries(secrets ?? {})) must(secretFault(name, reference) === undefined, `the secret ${name} of the foresight ${secretFault(name, reference)?.fault}`, 'Give "env:NAME" or "file:PATH" under the name of a variable');
}

function isChild(child: unknown): boolean {
  return isMap(child) && isMap(child['request']) && typeof child['request']['type'] === 'string' && Array.isArray(child['path']);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
