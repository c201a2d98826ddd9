/** A job type of a plugin as core knows job types: what is asked of it is asked in the plugin's own process. */
import { checkName, JobError, type AnyJobType, type ChildJobRequest, type CommandLine, type DefinitionSource, type DescribeRequest, type SpecSchema } from '@nightshift/sdk';
import type { ReadDefinition } from './read-definition.ts';
import { childRequestIn, commandLineIn, specResultIn, type Shaped } from './answer-shapes.ts';
import { thrownBy, wrongAnswer } from './losses.ts';
import type { Call, TypeDescription } from './messages.ts';
import type { PluginProcess } from './plugin-process.ts';


type Request = DescribeRequest<unknown>;

export function proxyType(of: TypeDescription, plugin: PluginProcess, readDefinition: ReadDefinition): AnyJobType {
  const { name, aliases, description, definitions } = of;
  const asked = async <Value>(ask: Exclude<Call, { readonly call: 'load' | 'list' }>, doing: string, read: (value: unknown) => Shaped<Value>): Promise<Value> => {
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
      return { ...facts, runs: 'command', capabilities, command: async (request: Request) => withoutSecrets(name, await asked({ call: 'command', ...describing(request) }, `describe the command of a ${name}`, commandLineIn)) };
    case 'delegate':
// The contract has an answer at once, and so has the plugin in its process; core waits for whatever comes.
      return { ...facts, runs: 'delegate', capabilities, delegate: (request: Request) => asked({ call: 'delegate', ...describing(request) }, `name the job that a ${name} runs`, childRequestIn) as unknown as ChildJobRequest };
    default:
      return { ...facts, runs: 'code', capabilities, prepare: () => Promise.reject(inItsOwnProcess(name)), reattach: () => Promise.reject(inItsOwnProcess(name)) };
  }
}

/** What nobody resolves yet must not be passed over: the program would run without it. */
function withoutSecrets(name: string, command: CommandLine): CommandLine {
  if (Object.keys(command.secrets ?? {}).length === 0) return command;
  throw new JobError({ code: 'DefinitionValueInvalid', message: `the command of a ${name} has secrets, which this version does not support` });
}

function inItsOwnProcess(name: string): Error {
  return new Error(`a ${name} runs in a process of its own, and is prepared there`);
}

function sourceOf({ name: type, definitions }: TypeDescription, plugin: PluginProcess, readDefinition: ReadDefinition): DefinitionSource {
  const doing = `look for definitions of a ${type}`;
  // Its own place: a folder for definition files says nothing to it. Source: jobs.md 8.4.
  return {
    places: definitions?.places ?? [],
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
  };
}

async function told<Value>(plugin: PluginProcess, doing: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    throw thrownBy(plugin.place, doing, cause);
  }
}
