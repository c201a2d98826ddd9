/** A job type of a plugin as core knows job types: what is asked of it is asked in the plugin's own process. */
import { checkName, type AnyJobType, type ChildJobRequest, type DefinitionSource, type DescribeRequest, type Foresight, type SpecSchema } from '@nightshift/sdk';
import type { ReadDefinition } from './read-definition.ts';
import { childRequestIn, commandLineIn, foresightIn, specResultIn, type Shaped } from './answer-shapes.ts';
import { thrownBy, wrongAnswer } from './losses.ts';
import type { Call, TypeDescription } from './messages.ts';
import type { PluginProcess } from './plugin-process.ts';

/** Of changes that nobody has looked at yet. */
const MOST_NAMES = 10_000;
const LONGEST_NAME = 64;

type Request = DescribeRequest<unknown>;

export function proxyType(of: TypeDescription, plugin: PluginProcess, readDefinition: ReadDefinition): AnyJobType {
  const { name, aliases, description, definitions } = of;
  const asked = async <Value>(ask: Exclude<Call, { readonly call: 'load' | 'list' | 'watch' }>, doing: string, read: (value: unknown) => Shaped<Value>): Promise<Value> => {
    const { value } = await told(plugin, doing, () => plugin.call(ask, doing));
    const shaped = read(value);
    if ('value' in shaped) return shaped.value;
    throw wrongAnswer(plugin.place, doing, shaped.faults);
  };
  // What was written, by what the schema made of it: that may not have survived the way here.
  const written = new WeakMap<object, unknown>();
  const spec: SpecSchema<unknown> = {
    '~standard': {
      version: 1,
      vendor: plugin.place.named,
      async validate(value) {
        const result = await asked({ call: 'validate', type: name, value }, `check the spec of a ${name}`, specResultIn);
        if (result.issues !== undefined) return result;
        const made = typeof result.value === 'object' && result.value !== null ? result.value : {};
        written.set(made, value);
        return { value: made };
      },
    },
  };
  const describing = (request: Request): { readonly type: string; readonly request: Request; readonly raw: boolean } => {
    const raw = typeof request.spec === 'object' && request.spec !== null && written.has(request.spec);
    return { type: name, request: raw ? { ...request, spec: written.get(request.spec as object) } : request, raw };
  };
  const facts = { name, aliases, description, spec, ...(definitions === undefined ? {} : { definitions: sourceOf(of, plugin, readDefinition) }) };
  const capabilities = of.capabilities;
  switch (of.runs) {
    case 'command':
      return { ...facts, runs: 'command', capabilities, command: (request: Request) => asked({ call: 'command', ...describing(request) }, `describe the command of a ${name}`, commandLineIn) };
    case 'delegate':
      // The contract has an answer at once, and so has the plugin in its process; core waits for whatever comes.
      return { ...facts, runs: 'delegate', capabilities, delegate: (request: Request) => asked({ call: 'delegate', ...describing(request) }, `name the job that a ${name} runs`, childRequestIn) as unknown as ChildJobRequest };
    default:
      return {
        ...facts, runs: 'code', capabilities, prepare: () => Promise.reject(inItsOwnProcess(name)), reattach: () => Promise.reject(inItsOwnProcess(name)),
        // As with a delegate.
        ...(of.foresees === true ? { foresee: (request: Request) => asked({ call: 'foresee', ...describing(request) }, `foresee a ${name}`, foresightIn) as unknown as Foresight } : {}),
      };
  }
}

function inItsOwnProcess(name: string): Error {
  return new Error(`a ${name} runs in a process of its own, and is prepared there`);
}

function sourceOf({ name: type, definitions }: TypeDescription, plugin: PluginProcess, readDefinition: ReadDefinition): DefinitionSource {
  const doing = `look for definitions of a ${type}`;
  // Its own place: a folder for definition files says nothing to it. Source: jobs.md 8.4.
  return {
    places: definitions?.places ?? [],
    onlyByType: definitions?.onlyByType === true,
    async find(name) {
      checkName(name);
      const { value } = await told(plugin, doing, () => plugin.call({ call: 'find', type, name }, doing));
      if (!Array.isArray(value)) throw wrongAnswer(plugin.place, doing, ['it is no list']);
      return Promise.all(value.map((found) => readDefinition(found, type)));
    },
    async *list() {
      const { items } = await told(plugin, doing, () => plugin.call({ call: 'list', type }, doing));
      for (const found of items) yield await readDefinition(found, type);
    },
    ...(definitions?.canWatch === true ? { watch: (_path: string | undefined, signal: AbortSignal) => namesFrom(plugin, type, signal) } : {}),
  };
}

/** Names as the plugin tells them, until the signal fires or the plugin has no more to tell. */
async function* namesFrom(plugin: PluginProcess, type: string, signal: AbortSignal): AsyncGenerator<{ readonly name: string }> {
  const names = new Set<string>();
  const state = { isOver: false, wake: (): void => {} };
  const take = (item: unknown): void => {
    const { name } = (item ?? {}) as { readonly name?: unknown };
    // One that comes a thousand times before anybody looks is told once.
    if (typeof name === 'string' && names.size < MOST_NAMES) names.add(name.slice(0, LONGEST_NAME));
    state.wake();
  };
  const following = told(plugin, `watch the definitions of a ${type}`, () => plugin.follow({ call: 'watch', type }, take, signal)).finally(() => {
    state.isOver = true;
    state.wake();
  });
  following.catch(() => {});
  while (!state.isOver || names.size > 0) {
    const heard = [...names];
    names.clear();
    for (const name of heard) yield { name };
    if (!state.isOver && names.size === 0) await new Promise<void>((resolve) => void (state.wake = resolve));
  }
  await following;
}

async function told<Value>(plugin: PluginProcess, doing: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    throw thrownBy(plugin.place, doing, cause);
  }
}
