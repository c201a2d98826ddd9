import { isDeepStrictEqual } from 'node:util';
import type { AnyJobType, ChildJob, ChildJobRequest, DelegateJobType, DescribeRequest, JobOrigin } from '@nightshift/sdk';
import { LATE, within } from '../real-time.ts';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { childrenOf } from './children.ts';
import { aDayLater } from './guards.ts';
import { changesSince, processState } from './process-state.ts';
import { valueOf } from './spec.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

type DelegateProperty = Property<JobTypeSubject>;

const SPECS = ['completes', 'fails', 'runsUntilStopped'] as const;
type SpecName = (typeof SPECS)[number];

const ORIGINS: readonly JobOrigin[] = [
  { kind: 'demand', runNow: false },
  { kind: 'demand', runNow: true },
  { kind: 'trigger', triggerId: '1', dueAt: new Date(Date.UTC(2026, 0, 1)), catchUp: true },
];

async function requestOf({ type, ...specs }: JobTypeSubject, name: SpecName, origin: JobOrigin = ORIGINS[0] as JobOrigin): Promise<DescribeRequest<unknown>> {
  return { spec: await valueOf(type, structuredClone(specs[name]), name), name: 'Nightly', origin, workingDirectory: process.cwd(), argumentList: [] };
}

function delegated(type: AnyJobType, request: DescribeRequest<unknown>): ChildJobRequest {
  let answer: unknown;
  try {
    answer = (type as DelegateJobType<unknown>).delegate(request);
  } catch (thrown) {
    throw wrongly(`delegate() failed: ${shown(thrown)}`, 'Refuse in the schema what cannot be run, and answer for the rest');
  }
  must(typeof answer === 'object' && answer !== null && !('then' in answer), `delegate() answered ${answer instanceof Promise ? 'a promise' : shown(answer)}`, 'Answer at once with { type, spec } of the one child');
  return answer as ChildJobRequest;
}

/** What `delegate()` answers, and that it does nothing else. */
export const delegateProperties: readonly DelegateProperty[] = [
  {
    title: 'asks for one job of another type, whatever made it start',
    async check(subject) {
      const names = [subject.type.name, ...(subject.type.aliases ?? [])].map((name) => name.toLowerCase());
      for (const name of SPECS) {
        for (const origin of ORIGINS) {
          const { type, spec, name: childName } = delegated(subject.type, await requestOf(subject, name, origin));
          must(typeof type === 'string' && type !== '', `delegate() asks for the type ${shown(type)}`, 'Name the inner type');
          must(!names.includes(type.toLowerCase()), `delegate() asks for ${type} again`, 'Name another type: this one would delegate for ever');
          must(spec !== undefined, 'delegate() gives no `spec`', 'Hand on what the inner type is to validate, at least {}');
          must(childName === undefined || typeof childName === 'string', `delegate() gives the name ${shown(childName)}`, 'Give a text, or leave it out');
        }
      }
    },
  },
  {
    title: 'asks for the same each time',
    async check(subject) {
      for (const name of SPECS) {
        const [one, other] = [delegated(subject.type, await requestOf(subject, name)), await aDayLater(async () => delegated(subject.type, await requestOf(subject, name)))];
        must(isDeepStrictEqual(one, other), `delegate() answered ${shown(one)}, and then ${shown(other)}`, 'Go by the request alone: validation calls it too');
      }
    },
  },
  {
    title: 'has no effect when it is asked, and leaves the request alone',
    async check(subject) {
      for (const name of SPECS) {
        const request = await requestOf(subject, name);
        const copy = structuredClone(request);
        const before = processState();
        delegated(subject.type, request);
        const changes = changesSince(before);
        must(changes.length === 0, `delegate() leaves something behind: ${changes.join(', ')}`, 'Only say what is to be run: validation calls it too');
        must(isDeepStrictEqual(request, copy), `delegate() changed its request to ${shown(request)}`, 'Copy what you want to change');
      }
    },
  },
];

/** What `persist` and `triggers` promise of a delegate. */
export const delegateProofs: { readonly persist: readonly DelegateProperty[]; readonly triggers: readonly DelegateProperty[] } = {
  persist: [
    {
      title: 'hands on a spec that a store can keep',
      async check(subject) {
        for (const name of SPECS) {
          const { spec } = delegated(subject.type, await requestOf(subject, name));
          must(isDeepStrictEqual(JSON.parse(JSON.stringify(spec)), spec), `the inner spec does not survive JSON: ${shown(spec)}`, 'Hand on plain data');
        }
      },
    },
  ],
  triggers: [
    {
      title: 'asks for the same job when a trigger starts it as when a person does',
      async check(subject) {
        const asked = await Promise.all(ORIGINS.map(async (origin) => delegated(subject.type, await requestOf(subject, 'completes', origin)).type));
        must(new Set(asked).size === 1, `delegate() asks for ${asked.join(', ')}, by what started it`, 'Ask for one type: a definition is checked before anybody knows what will start it');
      },
    },
  ],
};

/** With the inner type at hand, the whole. */
export const delegateRuns: readonly DelegateProperty[] = [
  {
    title: 'completes with the spec that completes',
    check: async (subject) => mustEnd(await begun(subject, 'completes'), 'Completed', subject),
  },
  {
    title: 'fails with the spec that fails',
    check: async (subject) => mustEnd(await begun(subject, 'fails'), 'Failed', subject),
  },
  {
    title: 'runs until it is stopped',
    async check(subject) {
      const child = await begun(subject, 'runsUntilStopped');
      const early = await within(100, child.finished);
      must(early === LATE, `with the spec \`runsUntilStopped\` it ended by itself: ${shown(early)}`, 'Give the kit a spec that goes on until it is stopped');
      void child.stop();
      await mustEnd(child, 'Stopped', subject);
    },
  },
];

async function begun(subject: JobTypeSubject, name: SpecName): Promise<ChildJob> {
  try {
    return await childrenOf(subject).start({ type: subject.type.name, spec: structuredClone(subject[name]) });
  } catch (thrown) {
    throw wrongly(`the job that delegate() asks for with the spec \`${name}\` cannot be started: ${shown(thrown)}`, 'Hand on what the inner type accepts, and give the kit the plugin that has it');
  }
}

async function mustEnd(child: ChildJob, state: 'Completed' | 'Failed' | 'Stopped', { patience = PATIENCE }: JobTypeSubject): Promise<void> {
  const outcome = await within(patience, child.finished);
  if (outcome === LATE) throw wrongly(`the inner job did not end within ${patience} ms`, 'Give the kit a spec whose inner job comes to its end');
  must(outcome.state === state, `the inner job ended ${outcome.state}${outcome.state === 'Failed' ? ` (${outcome.error.message})` : ''}`, `Give the kit a spec whose inner job ends ${state}`);
}
