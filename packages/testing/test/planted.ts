/**
 * Faults that authors of plugins make, one object each, written from the contract (plugin-sdk.md) and not from the kit. Every
 * one must be found by `exerciseJobType`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyJobType, JobContext, JobTypePlugin, SpecSchema } from '@nightshift/sdk';
import { API_VERSION } from '@nightshift/sdk';
import type { JobTypeSubject } from '../src/index.ts';

/** A fault, and a part of the title of the property that finds it. */
export interface Planted {
  readonly fault: string;
  readonly found: string;
  readonly subject: JobTypeSubject;
}

interface Spec {
  readonly does: 'complete' | 'fail' | 'wait' | 'ask';
  readonly lines: number;
}

const schema: SpecSchema<Spec> = {
  '~standard': {
    version: 1, vendor: 'planted',
    validate(value) {
      const { does, lines = 3 } = (value ?? {}) as Partial<Spec>;
      return does === 'complete' || does === 'fail' || does === 'wait' || does === 'ask' ? { value: { does, lines } } : { issues: [{ message: '"does" must be complete, fail, wait or ask', path: ['does'] }] };
    },
  },
};

type Context = JobContext<Spec>;
type Members = Record<string | symbol, unknown>;

const never = new Promise<never>(() => {});
const stopOf = (signal: AbortSignal): Promise<void> => new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What a type without a fault does in `start`. */
async function work({ spec, streams, signal }: Context): Promise<unknown> {
  for (let line = 0; line < spec.lines; line++) {
    if (signal.aborted) return { state: 'Stopped', reason: signal.reason };
    await streams.output.write(`line ${line}`);
  }
  if (spec.does === 'fail') return { state: 'Failed', error: new Error('it went wrong') };
  if (spec.does === 'wait') await stopOf(signal);
  return signal.aborted ? { state: 'Stopped', reason: signal.reason } : { state: 'Completed' };
}

/** A code type without a fault, but for what is put over it. */
function codeType(run: (context: Context) => Members, type: Members = {}): AnyJobType {
  return {
    name: 'PlantedJob', description: 'Has one fault.', runs: 'code', capabilities: {}, spec: schema,
    prepare: async (context: Context) => ({ start: () => work(context), [Symbol.asyncDispose]: async () => {}, ...run(context) }),
    ...type,
  } as unknown as AnyJobType;
}

const SPECS = { completes: { does: 'complete' }, fails: { does: 'fail' }, runsUntilStopped: { does: 'wait' }, invalid: [{ does: 'sing' }] } as const;
const subjectOf = (type: AnyJobType, facts: Partial<JobTypeSubject> = {}): JobTypeSubject => ({ type, ...SPECS, patience: 150, ...facts });
const code = (fault: string, found: string, run: (context: Context) => Members, type: Members = {}, facts: Partial<JobTypeSubject> = {}): Planted => ({ fault, found, subject: subjectOf(codeType(run, type), facts) });

function commandType(command: (request: { readonly spec: Spec; readonly workingDirectory: string }) => unknown): AnyJobType {
  return { name: 'PlantedJob', description: 'Has one fault.', runs: 'command', capabilities: { persist: true }, spec: schema, command } as unknown as AnyJobType;
}

const ARGV: Readonly<Record<Spec['does'], readonly string[]>> = { complete: ['true'], fail: ['false'], wait: ['sleep', '60'], ask: ['true'] };
const command = (fault: string, found: string, extra: (does: Spec['does']) => object): Planted => ({ fault, found, subject: subjectOf(commandType(({ spec }) => ({ argv: ARGV[spec.does], ...extra(spec.does) }))) });

const inner: JobTypePlugin = { name: 'nightshift-plugin-inner', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [{ ...commandType(({ spec }) => ({ argv: ARGV[spec.does] })), name: 'InnerJob' } as AnyJobType] };
function delegate(fault: string, found: string, answer: (spec: Spec) => unknown, type: Members = {}): Planted {
  const whole = { name: 'PlantedJob', description: 'Has one fault.', runs: 'delegate', capabilities: { persist: true, triggers: true }, spec: schema, delegate: ({ spec }: { readonly spec: Spec }) => answer(spec), ...type };
  return { fault, found, subject: subjectOf(whole as unknown as AnyJobType, { plugins: [inner] }) };
}

/** A loop that writes once a second and stands still where `isHeld` says so; what the faults of suspending are made of. */
function loop({ spec, streams, signal, clock }: Context, held: { now?: Promise<void> | undefined }): () => Promise<unknown> {
  return async () => {
    for (let line = 0; line < spec.lines || spec.does === 'wait'; line++) {
      if (held.now !== undefined) await Promise.race([held.now, stopOf(signal)]);
      if (signal.aborted) break;
      await streams.output.write(`line ${line}`);
      await clock.sleep(spec.does === 'wait' ? 1_000 : 1, signal).catch(() => {});
    }
    if (signal.aborted) return { state: 'Stopped', reason: signal.reason };
    return spec.does === 'fail' ? { state: 'Failed', error: new Error('it went wrong') } : { state: 'Completed' };
  };
}

/** A type that can be suspended, but for what is put over it. */
function suspendable(over: (context: Context, held: { now?: Promise<void> | undefined }) => Members): (context: Context) => Members {
  return (context) => {
    const held: { now?: Promise<void> | undefined } = {};
    let letGo = (): void => {};
    return {
      start: loop(context, held),
      suspend: async () => void (held.now = new Promise((resolve) => (letGo = resolve))),
      resume: async () => {
        letGo();
        held.now = undefined;
      },
      ...over(context, held),
    };
  };
}

const canSuspend = { capabilities: { suspend: true } };

/** State of a module, which the next run finds. */
let runsSoFar = 0;
let isStoppedForEver = false;
let current: Context | undefined;
const shared: Members = { start: async () => ({ state: 'Completed' }), [Symbol.asyncDispose]: async () => {} };
const collected: string[] = [];

export const PLANTED: readonly Planted[] = [
  // Foresight
  code('foresees a promise', 'foresees what a host can show', () => ({}), { foresee: async () => ({ command: 'later' }) }),
  code('foresees a secret in place of a reference', 'foresees what a host can show', () => ({}), { foresee: () => ({ secrets: { TOKEN: 'hunter2' } }) }),
  code('foresees a child without a place', 'foresees what a host can show', () => ({}), { foresee: () => ({ children: [{ request: { type: 'InnerJob', spec: {} } }] }) }),
  code('foresees something else each time', 'foresees the same each time', () => ({}), { foresee: () => ({ command: `at ${Date.now()}` }) }),
  code('foresees the value of a variable that is a secret', 'foresees no secret', () => ({}), { foresee: () => ({ command: `with ${process.env['API_TOKEN'] ?? 'none'}` }) }),
  // Endings
  code('the working directory of the process is changed, once and for all', 'leaves the variables and the working directory', (context) => ({ start: () => (process.chdir('.'), work(context)) })),
  code('a built-in prototype gets a member, once and for all', 'leaves the process as it found it after a run that Completed', (context) => ({ start: () => (Object.assign(String.prototype, { planted: true }), work(context)) })),
  code('ignores the signal', 'ends with an outcome', ({ spec }) => (spec.does === 'wait' ? { start: () => never } : {})),
  code('hears only a stop that comes after start()', 'just before start()', (context) => ({ start: () => (context.spec.does === 'wait' ? new Promise((resolve) => context.signal.addEventListener('abort', () => resolve({ state: 'Stopped', reason: 'stopped' }))) : work(context)) })),
  code('swallows the stop and says Completed', 'ends with an outcome', (context) => ({ start: async () => (context.spec.does === 'fail' ? work(context) : (await work(context), { state: 'Completed' })) })),
  code('fails when it is stopped', 'ends with an outcome', (context) => ({
    async start() {
      const outcome = (await work(context)) as { readonly state: string };
      if (outcome.state === 'Stopped') throw new Error('aborted');
      return outcome;
    },
  })),
  code('ends in a state that there is not', 'ends Completed', (context) => ({ start: async () => (context.spec.does === 'complete' ? { state: 'Done' } : work(context)) })),
  code('ends with nothing', 'ends Completed', (context) => ({ start: async () => void (await work(context)) })),
  code('is Failed without an error', 'an outcome that there is', (context) => ({ start: async () => (context.spec.does === 'fail' ? { state: 'Failed' } : work(context)) })),
  code('is Stopped without a reason', 'an outcome that there is', (context) => ({
    async start() {
      await work(context);
      return context.signal.aborted ? { state: 'Stopped' } : work(context);
    },
  })),
  code('throws a text', 'an outcome that there is', (context) => ({
    start: async () => (context.spec.does === 'fail' ? Promise.reject('it went wrong') : work(context)), // oxlint-disable-line prefer-promise-reject-errors
  })),
  code('has an exit code that is a text', 'ends Completed', (context) => ({ start: async () => (context.spec.does === 'complete' ? { state: 'Completed', exitCode: '0' } : work(context)) })),
  code('says the last reason instead of the first', 'minds neither a second stop', (context) => ({
    start: async () => (context.spec.does === 'wait' ? (await work(context), { state: 'Stopped', reason: 'timeout' }) : work(context)),
  })),
  // Preparing and letting go
  code('works in prepare', 'does no work before', (context) => {
    void context.streams.output.write('early');
    return {};
  }),
  code('begins its work in prepare and only waits for it in start', 'does no work before', (context) => {
    const begun = work(context);
    return { start: () => begun };
  }),
  code('prepares for ever', 'prepares a run of its own', () => ({}), { prepare: () => never }),
  code('gives all instances one run', 'prepares a run of its own', () => ({}), { prepare: async () => shared }),
  code('gives no run back', 'prepares a run of its own', () => ({}), { prepare: async () => undefined }),
  code('does not come to the end of its disposal', 'prepares a run of its own', () => ({ [Symbol.asyncDispose]: () => never })),
  code('has let go of everything itself and fails when it is disposed of', 'disposes of a run that Completed', (context) => {
    let isOpen = true;
    const dispose = async (): Promise<void> => {
      if (!isOpen) throw new Error('it is closed');
      isOpen = false;
    };
    return { start: async () => work(context).finally(dispose), [Symbol.asyncDispose]: dispose };
  }),
  code('cannot be disposed of without having been started', 'that was never started', (context) => {
    let timer: NodeJS.Timeout | undefined;
    return {
      start() {
        timer = setTimeout(() => {}, 1);
        return work(context);
      },
      async [Symbol.asyncDispose]() {
        clearTimeout((timer as NodeJS.Timeout)[Symbol.toPrimitive]());
      },
    };
  }),
  code('leaks a timer', 'leaves the process as it found it', (context) => ({
    start() {
      const timer = setInterval(() => {}, 10_000);
      return work(context).finally(() => (context.spec.does === 'complete' ? undefined : clearInterval(timer)));
    },
  })),
  code('goes on sleeping by the clock', 'leaves the process as it found it', (context) => ({
    start() {
      void context.clock.sleep(86_400_000);
      return work(context);
    },
  })),
  code('leaves a listener on the process', 'leaves the process as it found it', (context) => ({
    start() {
      process.on('SIGUSR2', () => {});
      return work(context).finally(() => (context.spec.does === 'wait' ? undefined : process.removeAllListeners('SIGUSR2')));
    },
  })),
  code('changes the environment of its host', 'leaves the process as it found it', (context) => ({
    start() {
      process.env['PLANTED'] = String(++runsSoFar);
      return work(context);
    },
  })),
  // What it is given, and what it keeps
  code('changes its spec', 'leaves its spec', (context) => {
    (context.spec as { lines: number }).lines = 1;
    return {};
  }),
  code('counts its runs in its module', 'keeps nothing between', (context) => ({
    async start() {
      await context.streams.output.write({ run: ++runsSoFar - (runsSoFar > 100 ? (runsSoFar = 0) : 0) });
      return work(context);
    },
  })),
  code('writes what it has collected in its module', 'keeps nothing between', (context) => ({
    async start() {
      collected.push('x');
      for (const one of collected) await context.streams.output.write(one);
      return work(context);
    },
  })),
  code('is stopped for ever when one run was', 'can be run again', (context) => ({
    async start() {
      context.signal.addEventListener('abort', () => (isStoppedForEver = true));
      for (; context.spec.does === 'wait'; await turn()) if (isStoppedForEver) break;
      return isStoppedForEver && context.spec.does === 'wait' ? { state: 'Stopped', reason: 'stopped' } : work({ ...context, spec: { ...context.spec, does: context.spec.does === 'wait' ? 'complete' : context.spec.does } });
    },
  })),
  code('writes to the streams of whichever run came last', 'does not mix up', (context) => {
    current = context;
    return {
      async start() {
        await turn();
        const { streams } = current as Context;
        if (context.spec.does === 'complete') await streams.output.write('mine');
        await turn();
        if (context.spec.does === 'complete') await (current as Context).streams.output.write('mine too');
        return work({ ...context, spec: { ...context.spec, lines: 0 } });
      },
    };
  }),
  code('settles twice', 'writes nothing and asks for nothing after', (context) => ({
    start: () => ({
      // oxlint-disable-next-line no-thenable -- that is the fault
      then(resolve: (outcome: unknown) => void) {
        void work(context).then((outcome) => [resolve(outcome), resolve({ state: 'Completed' })]);
      },
    }),
  })),
  code('leaves a program running', 'leaves the process as it found it', (context) => ({
    start() {
      const { spawn } = process.getBuiltinModule('node:child_process');
      spawn('sleep', ['5'], { detached: true, stdio: 'ignore' }).unref();
      return work(context);
    },
  })),
  code('writes a secret of its host down', 'keeps the secrets', (context) => ({
    async start() {
      await context.streams.output.write({ token: process.env['API_TOKEN'] ?? 'none' });
      return work(context);
    },
  })),
  // Records
  code('writes after its end', 'writes nothing and asks for nothing after', (context) => ({ start: async () => work(context).finally(() => void turn().then(() => context.streams.output.write('late'))) })),
  code('does not wait for its records', 'has waited for its records', (context) => ({
    async start() {
      for (let line = 0; line < 3; line++) void context.streams.output.write(line);
      return work({ ...context, spec: { ...context.spec, lines: 0 } });
    },
  })),
  code('floods its host', 'waits for a reader', (context) => ({
    async start() {
      const all: Promise<void>[] = [];
      for (let line = 0; line < 2_000; line++) all.push(context.streams.output.write(line));
      await Promise.all(all);
      return work({ ...context, spec: { ...context.spec, lines: 0 } });
    },
  })),
  code('writes a cycle and does not mind', 'writes only records', (context) => ({
    async start() {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      await context.streams.output.write(cycle).catch(() => {});
      return work(context);
    },
  })),
  code('writes a Map that JSON empties', 'writes only records', (context) => ({
    async start() {
      await context.streams.information.write({ message: new Date(0) });
      return work(context);
    },
  })),
  code('writes 150 percent', 'writes only records', (context) => ({
    async start() {
      await context.streams.progress.write({ activity: 'Counting', percent: 150 }).catch(() => {});
      return work(context);
    },
  })),
  code('rejects where nobody waits', 'prepares a run of its own|does no work', (context) => ({
    start() {
      void Promise.reject(new Error('nobody hears me'));
      return work(context);
    },
  })),
  code('begins anew behind its checkpoint and finds nothing', 'goes on from each of its checkpoints', (context) => ({
    async start() {
      if (context.restored !== undefined && (context.restored as { readonly done?: unknown }).done === undefined) throw new Error('what is done?');
      await context.checkpoint({ made: 1 });
      return work(context);
    },
  })),
  code('waits by a timer of its own', 'goes by the clock', (context) => ({
    async start() {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return work(context);
    },
  })),
  code('waits by a timer that promises', 'goes by the clock', (context) => ({
    async start() {
      await sleep(1);
      return work(context);
    },
  })),
  code('ends the process', 'ends Failed', (context) => ({
    async start() {
      if (context.spec.does === 'fail') process.exit(1);
      return work(context);
    },
  })),
  code('writes its secret down', 'keeps the secrets', (context) => ({
    async start() {
      await context.streams.debug.write(`logging in with ${context.secrets['API_KEY']}`);
      return work(context);
    },
  })),
  code('adds to the prototype of everybody', 'leaves the process as it found it', (context) => ({
    async start() {
      runsSoFar += 1;
      // oxlint-disable-next-line no-extend-native -- that is the fault
      Object.defineProperty(Array.prototype, `planted${runsSoFar}`, { value: 1, configurable: true });
      return work(context);
    },
  })),
  code('leaves a file open', 'leaves the process as it found it', (context) => ({
    async start() {
      process.getBuiltinModule('node:fs').openSync('/dev/null', 'r');
      return work(context);
    },
  })),
  code('stores a Map as its checkpoint', 'goes on from each of its checkpoints', (context) => ({
    async start() {
      await context.checkpoint(new Map([[1, 2]])).catch(() => {});
      return work(context);
    },
  })),
  code('has a schema that goes by the day', 'makes the same of a value', () => ({}), { spec: { '~standard': { ...schema['~standard'], validate: (value: Spec) => ({ ...schema['~standard'].validate(value), ...('value' in (schema['~standard'].validate(value) as object) ? { value: { ...value, lines: 3, day: new Date().toDateString() } } : {}) }) } } }),
  code('has definitions that throw for what is not theirs', 'is not its own', () => ({}), { definitions: { find: async () => Promise.reject(new Error('no such file')), async *list() {} } }),
  code('has definitions in no order', 'in name order', () => ({}), { definitions: { find: async (name: string) => [{ key: `x/${name.toLowerCase()}`, name, type: 'PlantedJob', location: 'x', spec: {} }].filter(() => /^[ab]$/i.test(name)), async *list() { yield* ['b', 'a'].map((name) => ({ key: `x/${name}`, name, type: 'PlantedJob', location: 'x', spec: {} })); } } }),
  // Capabilities
  code('blocks without the capability', 'asks its host for nothing', (context) => ({
    async start() {
      try {
        context.blocked('Shall I?');
      } catch {}
      return work(context);
    },
  })),
  code('implements kill without declaring it', 'does not implement kill', () => ({ kill: async () => {} })),
  code('implements suspend without declaring it', 'does not implement suspend', () => ({ suspend: async () => {}, resume: async () => {} })),
  code('declares suspend and has no resume', 'ends Completed', () => ({ suspend: async () => {} }), canSuspend),
  code('goes on working while it is suspended', 'stands still', suspendable(() => ({ suspend: async () => {} })), canSuspend),
  code('begins from zero when it is resumed', 'does what it would have done', (context) => {
    const held: { now?: Promise<void> | undefined } = {};
    let letGo = (): void => {};
    let again = (): void => {};
    const restart = new Promise<void>((resolve) => (again = resolve));
    return {
      start: () => Promise.race([loop(context, held)(), restart.then(() => loop(context, {})())]),
      suspend: async () => void (held.now = new Promise((resolve) => (letGo = resolve))),
      resume: async () => {
        void letGo;
        again();
      },
    };
  }, canSuspend),
  code('begins from zero in another host', 'does not do again', suspendable((context, held) => ({
    async start() {
      await context.streams.output.write('made');
      await context.checkpoint({ made: 1 });
      return loop(context, held)();
    },
  })), canSuspend),
  code('does not hear a stop while it is suspended', 'can be stopped while it is suspended', (context) => {
    const held: { now?: Promise<void> | undefined } = {};
    let letGo = (): void => {};
    return {
      async start() {
        for (let line = 0; line < context.spec.lines || context.spec.does === 'wait'; line++) {
          await held.now;
          if (context.signal.aborted) return { state: 'Stopped', reason: context.signal.reason };
          await context.streams.output.write('line');
          await context.clock.sleep(context.spec.does === 'wait' ? 1_000 : 1, context.signal).catch(() => {});
        }
        return work({ ...context, spec: { ...context.spec, lines: 0 } });
      },
      suspend: async () => void (held.now = new Promise((resolve) => (letGo = resolve))),
      resume: async () => {
        letGo();
        held.now = undefined;
      },
    };
  }, canSuspend),
  code('does not come to the end of kill', 'ends by kill', () => ({ kill: () => never }), { capabilities: { kill: true } }),
  code('is not ended by kill', 'ends by kill', () => ({ kill: async () => {} }), { capabilities: { kill: true } }),
  code('has too long a token', 'token of its own', () => ({ token: 'x'.repeat(5_000) }), { capabilities: { reattach: true }, reattach: () => never }),
  code('declares reattach and cannot', 'is taken in by a host', () => ({ token: 'x' }), { capabilities: { reattach: true } }),
  code('takes up anything', 'token of its own|what is not there', () => ({ token: 'always the same' }), { capabilities: { reattach: true }, reattach: async (context: Context) => ({ token: 'always the same', start: () => work(context), [Symbol.asyncDispose]: async () => {} }) }),
  code('declares input and never asks', 'becomes Blocked', () => ({ unblock: async () => {} }), { capabilities: { input: true } }),
  code('does not go on when it is answered', 'becomes Blocked', (context) => ({
    async start() {
      if (context.spec.does !== 'ask') return work(context);
      context.blocked('Shall I?');
      await stopOf(context.signal);
      return { state: 'Stopped', reason: context.signal.reason };
    },
    unblock: async () => {},
  }), { capabilities: { input: true } }, { asks: { does: 'ask' } }),
  code('has a capability that there is not', 'declares capabilities that there are', () => ({}), { capabilities: { pause: true } }),
  // The schema
  code('has a schema that throws', 'refuses the first invalid|never throws', () => ({}), { spec: { '~standard': { ...schema['~standard'], validate: (value: { does: string }) => (value.does.length > 0 ? schema['~standard'].validate(value) : { issues: [] }) } } }),
  code('has a schema that takes everything', 'refuses the first invalid', () => ({}), { spec: { '~standard': { ...schema['~standard'], validate: (value: Partial<Spec>) => ({ value: { lines: 3, ...value } }) } } }),
  code('has a schema that fills the definition in', 'leaves the value alone', () => ({}), { spec: { '~standard': { ...schema['~standard'], validate: (value: Spec | null) => (typeof value === 'object' && value !== null && schema['~standard'].validate(value) instanceof Promise === false && 'value' in (schema['~standard'].validate(value) as object) ? { value: Object.assign(value, { lines: 3 }) } : { issues: [{ message: 'no' }] }) } } }),
  // Commands
  { fault: 'has no program', found: 'describes a program', subject: subjectOf(commandType(() => ({ argv: [] }))) },
  command('describes another program each time', 'the same program', () => ({ environment: { NOW: String(Math.random()) } })),
  command('has a relative working directory', 'describes a program', () => ({ workingDirectory: 'build' })),
  command('names a secret by its value', 'describes a program', () => ({ secrets: { TOKEN: 'hunter2' } })),
  command('puts a secret of its host into the arguments', 'puts no secret', (does) => ({ argv: ['sh', '-c', ARGV[does].join(' '), process.env['API_TOKEN'] ?? ''] })),
  command('describes what time it is', 'the same program', () => ({ environment: { TODAY: new Date().toDateString() } })),
  command('has a password in an address', 'puts no secret', (does) => ({ argv: [...ARGV[does], 'https://me:hunter2@example.org/'] })),
  command('has a member that a command has not', 'describes a program', () => ({ cwd: '/tmp' })),
  command('has an argument that is a number', 'describes a program', (does) => ({ argv: [...ARGV[does], 7] })),
  { fault: 'makes a file when it describes', found: 'has no effect', subject: subjectOf(commandType(({ spec, workingDirectory }) => {
    process.getBuiltinModule('node:fs').writeFileSync(`${workingDirectory}/made`, '');
    return { argv: ARGV[spec.does] };
  })) },
  { fault: 'describes a program that does not mind SIGTERM', found: 'runs until it is stopped', subject: subjectOf(commandType(({ spec }) => ({ argv: spec.does === 'wait' ? ['sh', '-c', 'trap "" TERM; sleep 60'] : ARGV[spec.does] }))) },
  { fault: 'counts what it has described', found: 'leaves the request alone', subject: subjectOf(commandType(({ spec }) => {
    (spec as { lines: number }).lines += 1;
    return { argv: ARGV[spec.does] };
  })) },
  // Delegates
  delegate('delegates to itself', 'another type', (spec) => ({ type: 'plantedjob', spec })),
  delegate('answers with a promise', 'another type', async (spec) => ({ type: 'InnerJob', spec })),
  delegate('hands on what the inner type refuses', 'completes with', () => ({ type: 'InnerJob', spec: { does: 'sing' } })),
  delegate('asks for something else each time', 'the same each time', (spec) => ({ type: 'InnerJob', spec, name: `Run${++runsSoFar}` })),
  delegate('declares suspend for its inner job', 'its form cannot have', (spec) => ({ type: 'InnerJob', spec }), { capabilities: { suspend: true } }),
];

/** The same without a fault: where the kit complains of these, it is the kit that is wrong. */
export const SOUND: readonly JobTypeSubject[] = [
  subjectOf(codeType(() => ({}))),
  subjectOf(codeType(suspendable(() => ({})), canSuspend)),
  command('none', '', () => ({})).subject,
  delegate('none', '', (spec) => ({ type: 'InnerJob', spec })).subject,
].map((subject) => ({ ...subject, patience: 5_000 }));
