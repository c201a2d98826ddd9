/** A plugin whose jobs do what their spec says, step by step. It has no dependency: it lies where it is imported from. */
import { spawn } from 'node:child_process';
import { existsSync, appendFileSync, writeFileSync } from 'node:fs';

const any = { '~standard': { version: 1, vendor: 'test', validate: (value) => (typeof value === 'object' && value !== null && Array.isArray(value.do) ? { value } : { issues: [{ message: 'it has no list "do"', path: ['do'] }] }) } };
const NEVER = new Promise(() => {});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(file, signal) {
  while (!existsSync(file)) {
    if (signal.aborted) throw new Error('aborted');
    await pause(10);
  }
}

const STEPS = {
  write: ({ streams }, [stream, value]) => streams[stream].write(value),
  print: (_context, text) => void process.stdout.write(text),
  touch: (_context, file) => writeFileSync(file, ''),
  append: (_context, [file, text]) => appendFileSync(file, text),
  once: async (context, [file, step]) => {
    if (existsSync(file)) return;
    writeFileSync(file, '');
    const [[name, argument]] = Object.entries(step);
    await STEPS[name](context, argument);
  },
  until: ({ signal }, file) => until(file, signal),
  stopped: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  never: () => NEVER,
  loop: () => { for (;;); },
  exit: (_context, code) => process.exit(code),
  throw: (_context, text) => { throw new Error(text); },
  reject: (_context, text) => void Promise.reject(new Error(text)),
  pollute: () => {
    Object.assign(Object.prototype, { toJSON: () => 'polluted' });
    Object.assign(Array.prototype, { map: () => ['polluted'] });
    JSON.stringify = () => 'polluted';
    process.exit = () => {};
  },
  flood: async ({ streams }, count) => {
    process.stdout.write('noise '.repeat(100_000));
    for (let index = 0; index < count; index++) await streams.output.write(index);
  },
  bigint: ({ streams }) => streams.output.write(1n),
  cycle: ({ streams }) => { const ring = {}; ring.ring = ring; return streams.output.write(ring); },
  large: ({ streams }) => streams.output.write('x'.repeat(10_000_000)),
  input: async ({ streams, input }, count = Infinity) => {
    for await (const value of input) {
      await streams.output.write({ input: value });
      if (--count === 0) break;
    }
  },
  checkpoint: (context, value) => context.checkpoint(value),
  restored: ({ streams, restored }) => streams.output.write(restored ?? null),
  who: ({ streams, instance, environment, folder, workingDirectory, argumentList, origin }) =>
    streams.output.write({ instance, origin: origin.kind, id: environment.NIGHTSHIFT_JOB_ID, folder: existsSync(folder), workingDirectory, argumentList }),
  blocked: (context, prompt) => { context.blocked(prompt); return new Promise((resolve) => { context.answered = resolve; }); },
  suspend: (context, reason) => context.requestSuspend(reason),
  child: async (context, request) => { const child = await context.startChild(request); context.streams.output.write({ child: child.id }); context.started = [...(context.started ?? []), child]; },
  finished: async (context) => { for await (const child of context.children()) await context.streams.output.write({ id: child.id, outcome: (await child.finished).state }); },
  stopChildren: async (context) => { for await (const child of context.children()) await child.stop(); },
  spawn: (_context, words) => void spawn(words[0], words.slice(1), { stdio: 'ignore' }),
};

async function work(context) {
  const skip = context.restored?.done ?? 0;
  for (const [index, step] of context.spec.do.entries()) {
    if (index < skip) continue;
    const [[name, argument]] = Object.entries(step);
    if (name === 'end') return argument;
    await STEPS[name](context, argument);
  }
  return { state: 'Completed' };
}

const makeType = (name, capabilities) => ({
  name, description: 'Does what its spec says.', runs: 'code', capabilities, spec: any,
  async prepare(context) {
    const mine = { ...context };
    if (context.spec.prepare !== undefined) await STEPS[context.spec.prepare](mine, context.spec.because);
    let ended;
    return {
      start: () => Promise.race([work(mine), new Promise((resolve) => { ended = resolve; })]),
      suspend: async () => context.streams.verbose.write('suspend'),
      resume: async () => context.streams.verbose.write('resume'),
      kill: async (reason) => ended({ state: 'Stopped', reason }),
      unblock: async (input) => { await context.streams.output.write({ answer: input }); mine.answered(); },
      async [Symbol.asyncDispose]() { if (context.spec.disposed !== undefined) appendFileSync(context.spec.disposed, 'disposed\n'); },
    };
  },
});

/** Its work is a file that somebody else makes: a host of it only looks. The token says which. */
const away = {
  name: 'AwayJob', description: 'Outlives its host.', runs: 'code', capabilities: { persist: true, reattach: true }, spec: any,
  async prepare(context) { return awayRun(context, `${context.workingDirectory}/work-of-${context.instance.id}`); },
  async reattach(context, token) {
    appendFileSync('reattached', `${token.slice(context.workingDirectory.length + 1)}\n`);
    if (existsSync(`${token}-lost`)) throw new Error('the work is gone');
    return awayRun(context, token);
  },
};

function awayRun(context, token) {
  return {
    token,
    async start() {
      await context.streams.output.write(`attempt ${context.instance.attempt}`);
      await until(token, context.signal);
      return { state: 'Completed' };
    },
    async [Symbol.asyncDispose]() {},
  };
}

export default {
  name: 'nightshift-plugin-note', version: '1.2.3', apiVersion: 1,
  jobTypes: [
    makeType('NoteJob', { persist: true, suspend: true, kill: true, input: true }),
    makeType('PlainJob', { persist: true }),
    away,
  ],
};
