import { API_VERSION, definePlugin, type AnyJobType, type Capabilities } from '@nightshift/sdk';
import { must, shown, wrongly, type Property } from '../runner.ts';
import type { JobTypeSubject } from './subject.ts';

/** The six, in the order of the guide. */
export const CAPABILITIES: readonly (keyof Capabilities)[] = ['suspend', 'kill', 'persist', 'reattach', 'input', 'triggers'];

const MEMBERS = ['name', 'aliases', 'description', 'spec', 'definitions', 'runs', 'capabilities'];
const METHODS: Readonly<Record<AnyJobType['runs'], readonly string[]>> = { command: ['command'], code: ['prepare', 'reattach', 'foresee'], delegate: ['delegate'] };

/** What can be read of a type without an instance. */
export const factProperties: readonly Property<JobTypeSubject>[] = [
  {
    title: 'is taken in by a host: its name, its aliases, its form and its schema are what they must be',
    check({ type }) {
      try {
        definePlugin({ name: 'the plugin of this test', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [type] });
      } catch (cause) {
        throw wrongly((cause as Error).message, 'Mend it: a host takes nothing of such a plugin in');
      }
      const names = [type.name, ...(type.aliases ?? [])].map((name) => name.toLowerCase());
      must(new Set(names).size === names.length, `the names ${shown(names)} are not all different`, 'Leave the alias out that only differs in case');
    },
  },
  {
    title: 'says in one sentence what it does',
    check({ type: { description } }) {
      must(typeof description === 'string' && description.trim() !== '', `the description is ${shown(description)}`, 'Say in one sentence what the type does: get-job-type shows it');
      must(!/[\n\r]/.test(description), 'the description has several lines', 'One sentence on one line fits the table of get-job-type');
    },
  },
  {
    title: 'declares capabilities that there are, each with true or false',
    check({ type }) {
      const { capabilities } = type as { readonly capabilities: unknown };
      must(typeof capabilities === 'object' && capabilities !== null, `the capabilities are ${shown(capabilities)}`, 'Declare them as an object; an empty one means none');
      for (const [name, value] of Object.entries(capabilities)) {
        must(CAPABILITIES.includes(name as keyof Capabilities), `there is no capability ${shown(name)}`, `Those that there are: ${CAPABILITIES.join(', ')}`);
        must(typeof value === 'boolean', `the capability ${name} is ${shown(value)}`, 'Write true, or leave it out');
      }
    },
  },
  {
    title: 'declares no capability that its form cannot have',
    check({ type }) {
      const { capabilities, runs } = type as { readonly runs: string; readonly capabilities: Capabilities };
      if (runs !== 'delegate') must(capabilities.triggers !== true, `a ${runs} type declares triggers`, 'Leave it out: triggers belong to delegate types, and a definition of this type gets them inside a ScheduledJob');
      if (runs === 'command') must(capabilities.input !== true, 'a command type declares input', 'Leave it out: a program is asked nothing by the host');
      if (runs === 'delegate') for (const name of ['suspend', 'kill', 'reattach', 'input'] as const) must(capabilities[name] !== true, `a delegate type declares ${name}`, 'Leave it out: the inner type says what its jobs can do');
      must(capabilities.triggers !== true || capabilities.persist === true, 'the type declares triggers without persist', 'Declare persist too: what a trigger starts is kept in the durable store');
    },
  },
  {
    title: 'has no members that its form does not know',
    check({ type }) {
      const known = [...MEMBERS, ...METHODS[type.runs]];
      const others = Object.keys(type).filter((key) => !known.includes(key) && Object.values(METHODS).flat().includes(key));
      must(others.length === 0, `a type that runs ${type.runs} has ${others.join(', ')}`, `Leave it out, or say in \`runs\` which form the type has: nobody calls it`);
    },
  },
];
