import { createRequire } from 'node:module';
import { constants, Script } from 'node:vm';

/** What a body may see. Source: jobs.md section 16. */
export interface Sight {
  readonly args: readonly unknown[];
  readonly input: AsyncIterable<unknown>;
  readonly streams: object;
  readonly signal: AbortSignal;
}

/** How our text blocks import is no news for whoever wrote one. */
const { emitWarning } = process;
process.emitWarning = ((warning: string | Error, ...facts: []) => {
  if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) emitWarning.call(process, warning, ...facts);
}) as typeof process.emitWarning;

type Body = (sight: Sight, initialized: () => void) => unknown;

const NAMES = ['args', 'input', 'streams', 'signal', 'require'];
/** Compiled texts that are kept. */
const MOST = 64;
const known = new Map<string, Body>();

/** The function of a script block, with its initialization script in front. Throws what is wrong with their syntax. */
export function compileBlock(scriptBlock: string, initialization: string | undefined, folder: string): Body {
  const key = JSON.stringify([initialization ?? null, scriptBlock, folder]);
  const body = known.get(key) ?? compiled(scriptBlock, initialization, folder);
  if (known.size >= MOST) known.clear();
  known.set(key, body);
  return body;
}

const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => unknown;
const INITIALIZED = '__initialized';

/** `arguments` and `eval` may look at what is not named: then all of it is there. */
function compiled(scriptBlock: string, initialization: string | undefined, folder: string): Body {
  // By itself first: what closes the function that it is put into is no body of one.
  for (const text of [initialization, scriptBlock]) if (text !== undefined) void new AsyncFunction(...NAMES, text);
  const text = initialization === undefined ? scriptBlock : `${initialization}\n;${INITIALIZED}();{${scriptBlock}\n}`;
  const script = new Script(`(async function (${[...NAMES, INITIALIZED].join(', ')}) {${text}\n})`, {
    filename: `${folder}/[script block]`,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const call = script.runInThisContext() as (...words: unknown[]) => unknown;
  const require = requireFrom(folder);
  // What the text does not speak of need not be made for it.
  const [input, streams, signal] = ['input', 'streams', 'signal'].map((name) => text.includes(name) || /\b(?:eval|arguments)\b/.test(text)) as [boolean, boolean, boolean];
  return (sight, initialized) => call(sight.args, input ? sight.input : undefined, streams ? sight.streams : undefined, signal ? sight.signal : undefined, require, initialized);
}

/** Modules are found from the job's folder. Made at the first call: most jobs need none. */
function requireFrom(folder: string): (id: string) => unknown {
  let found: NodeJS.Require | undefined;
  return (id) => (found ??= createRequire(`${folder}/[script block]`))(id);
}

/** The default export of a module, by its URL: to import it again, loaded as it is, takes longer than most jobs. */
const imported = new Map<string, Body>();

/** What it exports is a function of one object. Throws ThreadJobError where it is none. */
export function importBody(url: string): Body | Promise<Body> {
  return imported.get(url) ?? importFirst(url);
}

async function importFirst(url: string): Promise<Body> {
  const { default: body } = (await import(url)) as { readonly default?: unknown };
  if (typeof body !== 'function') throw Object.assign(new Error('the default export of the module is no function'), { code: 'ThreadJobError' });
  const call: Body = (sight) => (body as (sight: Sight) => unknown)(sight);
  imported.set(url, call);
  return call;
}
