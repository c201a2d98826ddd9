/** Steps of dagu, in their many forms, as steps of one script. */
import { keysOf, type Keys } from './keys.ts';
import { ordered, type Ordered } from './order.ts';
import { pairsOf, shellValue } from './values.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { quoteText } from '../shell-text.ts';
import { hereDocument, refusal, type ScriptStep } from '../step-script.ts';
import type { Step } from '../yaml-places.ts';
import { at, listOf, mapOf, textOf, textsOf } from '../yaml-values.ts';

type Place = (...path: readonly Step[]) => string;

/** A step, by the names of today. */
export interface DaguStep extends Ordered {
  readonly keys: Keys;
  readonly place: string;
}

export interface StepsContext {
  readonly remarks: Remarks;
  /** What the text of a step is for when it says nothing else. */
  readonly shell: string;
}

/** Every step in the order in which they are to run. */
export function stepsOf(dag: Keys, place: Place, remarks: Remarks): readonly DaguStep[] {
  const value = dag.get('steps');
  const key = dag.spelled('steps');
  const listed = mapOf(value) === undefined ? listOf(value).flatMap((item, index) => stepFrom(item, index, place(key, index), remarks)) : Object.entries(mapOf(value) ?? {}).map(([name, item]) => single(item, name, place(key, name)));
  const isGraph = dag.get('type') === 'graph' || (dag.get('type') === undefined && listed.some(({ depends }) => depends.length > 0));
  if (!isGraph) return listed;
  const { steps, isChain, isBroken } = ordered(listed);
  if (isBroken) remarks.lost(place(key), 'steps depend on steps that do not exist, or on each other: they run in the order of the file', 'job');
  else if (!isChain) remarks.note(place(key), 'steps that run side by side there run one after the other here, and the first that fails ends the job', 'job');
  return steps;
}

/** A list inside the list runs side by side. */
function stepFrom(item: unknown, index: number, place: string, remarks: Remarks): readonly DaguStep[] {
  if (!Array.isArray(item)) return [single(item, `step ${index + 1}`, place)];
  remarks.note(place, 'steps that run side by side there run one after the other here, and the first that fails ends the job', 'job');
  return item.map((inner, nth) => single(inner, `step ${index + 1}.${nth + 1}`, place));
}

function single(item: unknown, name: string, place: string): DaguStep {
  const keys = keysOf(mapOf(item) ?? { command: item });
  const id = textOf(keys.get('id'));
  return { keys, place, name: textOf(keys.get('name')) ?? name, ...(id === undefined ? {} : { id }), depends: textsOf(keys.get('depends')) };
}

/** Without these a step would do something else, or in another way. */
const LOST: Readonly<Record<string, string>> = {
  container: 'it runs on this machine, with the programs and files that are here',
  repeat_policy: 'it runs once',
  parallel: 'it runs once',
  approval: 'nobody is asked',
};
const READ = ['name', 'id', 'description', 'command', 'exec', 'script', 'shell', 'working_dir', 'env', 'output', 'depends', 'continue_on', 'retry_policy', 'timeout_sec', 'preconditions', 'type', 'call', 'params', 'stdout', 'stderr', 'with', ...Object.keys(LOST)];

/** Undefined for a step that is left out. */
export function scriptStep(step: DaguStep, context: StepsContext): ScriptStep | undefined {
  const { keys, name, place } = step;
  const { remarks } = context;
  if (keys.get('preconditions') !== undefined) {
    remarks.lost(place, `the step ${quoted(name)} was left out: its preconditions have no equal`, 'job');
    return undefined;
  }
  for (const [key, why] of Object.entries(LOST)) if (keys.get(key) !== undefined) remarks.lost(place, `${keys.spelled(key)} of the step ${quoted(name)} has no equal: ${why}`, 'job');
  const rest = keys.names.filter((key) => !READ.includes(key)).map((key) => keys.spelled(key));
  if (rest.length > 0) remarks.note(place, `not carried over from the step ${quoted(name)}: ${rest.join(', ')}`, 'job');
  const folder = textOf(keys.get('working_dir'));
  const variables = Object.fromEntries(pairsOf(keys.get('env')).filter(([variable]) => /^[A-Za-z_]\w*$/.test(variable)).map(([variable, text]) => [variable, shellValue(text)]));
  const output = textOf(keys.get('output'));
  if (keys.get('output') !== undefined && (output === undefined || !/^[A-Za-z_]\w*$/.test(output))) remarks.lost(place, `output of the step ${quoted(name)} has no equal: no variable is set`, 'job');
  const body = bodyOf(step, context);
  noteVariables(body, place, remarks);
  return {
    title: name,
    body: `${redirections(keys, place, remarks)}${body}`,
    ...(folder === undefined ? {} : { folder: shellValue(folder) }),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(output !== undefined && /^[A-Za-z_]\w*$/.test(output) ? { output } : {}),
    ...(mayFail(step, remarks) && { mayFail: true }),
  };
}

function mayFail({ keys, name, place }: DaguStep, remarks: Remarks): boolean {
  const value = keys.get('continue_on');
  if (value === undefined) return false;
  const inner = keysOf(value);
  const others = inner.names.filter((key) => !['failure', 'failed', 'skipped', 'mark_success'].includes(key));
  if (others.length > 0) remarks.lost(place, `${keys.spelled('continue_on')} of the step ${quoted(name)} has no equal for ${others.join(', ')}`, 'job');
  return value === 'failed' || inner.get('failure') === true || inner.get('failed') === true;
}

function redirections(keys: Keys, place: string, remarks: Remarks): string {
  return [['stdout', '>'], ['stderr', '2>']].map(([key, sign]) => {
    const path = textOf(keys.get(key as string));
    if (path === undefined) return '';
    remarks.note(place, `${key}: ${path} is begun anew by each run`, 'job');
    return `exec ${sign}${shellValue(path)}\n`;
  }).join('');
}

function bodyOf({ keys, name, place }: DaguStep, { remarks, shell }: StepsContext): string {
  const type = textOf(keys.get('type')) ?? textOf(at(keys.get('type'), 'type'));
  if (type !== undefined && !['', 'command', 'shell'].includes(type)) return refused(`the step ${quoted(name)} is of the type ${type}`, place, remarks);
  if (keys.get('call') !== undefined) return refused(`the step ${quoted(name)} calls ${quoted(textOf(keys.get('call')) ?? 'another workflow')}`, place, remarks);
  const script = textOf(keys.get('script'));
  const command = commandOf(keys, name, place, remarks);
  if (script !== undefined) return command === undefined ? inShell(script, shebang(script) ?? textOf(keys.get('shell')) ?? textsOf(keys.get('shell')).join(' '), shell) : hereDocument(command, script);
  if (command === undefined) return refused(`the step ${quoted(name)} has no command`, place, remarks);
  return inShell(command, textOf(keys.get('shell')) ?? textsOf(keys.get('shell')).join(' '), shell);
}

function refused(why: string, place: string, remarks: Remarks): string {
  remarks.lost(place, `${why}, which has no equal; here it only fails`, 'job');
  return refusal(`${why}, which was not carried over`);
}

/** Programs that read their script from standard input only when they are told to. */
const WANTS_DASH = /^(?:\S*\/)?(?:python[\d.]*|perl|ruby|node)$/;

function inShell(text: string, wanted: string, shell: string): string {
  if (wanted === '' || wanted === shell) return text;
  return hereDocument(WANTS_DASH.test(wanted) ? `${wanted} -` : wanted, text);
}

function shebang(script: string): string | undefined {
  return /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?([\w.-]+)/.exec(script)?.[1];
}

/** A text for a shell: as it is, from `exec`, or from a list. */
function commandOf(keys: Keys, name: string, place: string, remarks: Remarks): string | undefined {
  const exec = keys.get('exec');
  if (exec !== undefined) return [textOf(at(exec, 'command')) ?? '', ...textsOf(at(exec, 'args'))].map(quoteText).join(' ');
  const command = keys.get('command');
  if (!Array.isArray(command)) return textOf(command);
  const [first = '', ...others] = textsOf(command);
  // Of late a list holds commands, before it held the words of one.
  if (/\s/.test(first) || others.length === 0) return [first, ...others].join('\n');
  remarks.lost(place, `the command of the step ${quoted(name)} is a list: it was read as the words of one command, as dagu did for long; today each would be a command of its own`, 'job');
  return [first, ...others].map((word) => (/[$`]/.test(word) ? shellValue(word) : quoteText(word))).join(' ');
}

function noteVariables(body: string, place: string, remarks: Remarks): void {
  const names = [...new Set(body.match(/\$\{?DAGU?_[A-Z_]+|\$\{[a-z]\w*\.[\w.]+/g)?.map((name) => name.replaceAll(/[${]/g, '')) ?? [])];
  if (names.length > 0) remarks.lost(place, `${names.join(', ')}: nobody but dagu sets that`, 'job');
}
