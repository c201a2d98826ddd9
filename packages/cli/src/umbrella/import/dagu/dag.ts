/** Workflows of dagu: one definition for each file, its steps one after the other in one script. */
import { basename } from 'node:path';
import { keysOf, type Keys } from './keys.ts';
import { daguOptions, remarkOnDag } from './options.ts';
import { scheduleTriggers } from './schedule.ts';
import { scriptStep, stepsOf, type DaguStep } from './steps.ts';
import { isExpanded, pairsOf, parametersOf, shellValue } from './values.ts';
import { ON_BATTERY_TOO, type Draft, type DraftJob, type Reading } from '../draft.ts';
import { collectRemarks, quoted, type Remark, type Remarks } from '../remarks.ts';
import { scriptJob } from '../shell-text.ts';
import { foreign, type Source } from '../source-file.ts';
import { refusal, stepsScript } from '../step-script.ts';
import { placeVariables } from '../variables.ts';
import { placesIn, type Step } from '../yaml-places.ts';
import { at, countOf, listOf, mapOf, textOf, textsOf } from '../yaml-values.ts';

interface Dag {
  readonly keys: Keys;
  readonly remarks: Remarks;
  place(...path: readonly Step[]): string;
  /** Of a key by its name of today. */
  placeOf(name: string): string;
}

/** Throws `DefinitionSyntaxError` for what is no workflow. */
export function readDagu(source: Source, documents: readonly unknown[]): Reading {
  const [value, ...others] = documents;
  if (mapOf(at(value, 'steps')) === undefined && !Array.isArray(at(value, 'steps'))) throw foreign(source, 1, 'this is no workflow of dagu: it has no "steps"');
  const placeIn = placesIn(source);
  const remarks = collectRemarks();
  const keys = keysOf(value);
  const place: Dag['place'] = (...path) => placeIn(0, path);
  const draft = draftOf({ keys, remarks, place, placeOf: (name) => place(keys.spelled(name)) }, source);
  return { drafts: [draft], remarks: others.map((_, index): Remark => ({ severity: 'note', place: placeIn(index + 1, []), text: 'a further workflow in the same file was left out' })) };
}

function draftOf(dag: Dag, source: Source): Draft {
  const { keys, remarks, place, placeOf } = dag;
  const steps = stepsOf(keys, place, remarks);
  const description = textOf(keys.get('description'));
  const triggers = scheduleTriggers(keys.get('schedule'), (...path) => place(keys.spelled('schedule'), ...path), remarks);
  if (keys.get('schedule') === undefined) remarks.note(place(), 'the workflow has no schedule: a definition without triggers');
  const job = jobOf(dag, steps);
  const options = { ...daguOptions(keys, steps, placeOf, remarks), ...ON_BATTERY_TOO };
  const runs = countOf(keys.get('hist_retention_runs'));
  remarkOnDag(keys, placeOf, remarks);
  return {
    names: [textOf(keys.get('name')) ?? '', source.file === '-' ? '' : basename(source.file).replace(/\.ya?ml$/, ''), 'workflow'],
    place: place(),
    ...(description === undefined ? {} : { description }),
    job,
    triggers,
    options,
    ...(runs === undefined ? {} : { maxResultCount: Math.max(1, Math.floor(runs)) }),
    remarks: remarks.all,
  };
}

function jobOf(dag: Dag, steps: readonly DaguStep[]): DraftJob {
  const { keys, remarks } = dag;
  const named = textOf(keys.get('shell')) ?? textsOf(keys.get('shell')).join(' ');
  const shell = /^(?:\S*\/)?(sh|bash)(?:\s|$)/.exec(named)?.[1] ?? 'sh';
  const isStrict = named === '' || /\s-\w*e/.test(named);
  const { positional, named: parameters, isSchema } = parametersOf(keys.get('params'));
  if (isSchema) remarks.lost(dag.placeOf('params'), 'params with a schema have no equal: none of them is set', 'job.environment');
  noteDefaults(dag, named);
  const { literal, lines } = variablesOf(dag, parameters);
  const script = steps.flatMap((step) => scriptStep(step, { remarks, shell: named === '' ? shell : named }) ?? []);
  const text = [...lines, ...preparations(keys), script.length === 0 ? refusal('none of the steps was carried over') : stepsScript(script, isStrict)].join('\n');
  const secrets = { ...literal.secrets, ...secretsOf(dag) };
  return {
    ...scriptJob(text, shell, positional),
    ...(literal.environment && { environment: literal.environment }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  };
}

/** What dagu takes where the file says nothing. */
function noteDefaults({ keys, remarks, place }: Dag, shell: string): void {
  const folder = keys.get('working_dir') === undefined ? ['in the folder of its definition (there: of this file)'] : [];
  const program = shell === '' ? ['by sh (there: by $SHELL)'] : [];
  if (folder.length + program.length > 0) remarks.note(place(), `it runs ${[...folder, ...program].join(' and ')}`, 'job');
}

/** Plain values are the job's variables; what a shell has to work out is exported at the top of the script, in order. */
function variablesOf({ keys, remarks, placeOf }: Dag, parameters: ReturnType<typeof pairsOf>): { literal: ReturnType<typeof placeVariables>; lines: readonly string[] } {
  const pairs = [...parameters.map(([name, text]) => ({ name, value: text, place: placeOf('params') })), ...pairsOf(keys.get('env')).map(([name, text]) => ({ name, value: text, place: placeOf('env') }))];
  const literal = placeVariables(pairs.filter(({ value }) => !isExpanded(value)), remarks);
  const lines = pairs.filter(({ name, value }) => isExpanded(value) && /^[A-Za-z_]\w*$/.test(name)).map(({ name, value }) => `export ${name}=${shellValue(value)}`);
  return { literal, lines };
}

function preparations(keys: Keys): readonly string[] {
  const folder = textOf(keys.get('working_dir'));
  const delay = countOf(keys.get('delay_sec'));
  return [...(folder === undefined ? [] : [`cd ${shellValue(folder)} || exit`]), ...(delay ? [`sleep ${Math.ceil(delay)}`] : [])];
}

/** `provider: env` and `provider: file` are our references; what others give is named and missing. */
function secretsOf({ keys, remarks, placeOf }: Dag): Readonly<Record<string, string>> {
  return Object.fromEntries(listOf(keys.get('secrets')).flatMap((entry) => {
    const [name, provider, key] = ['name', 'provider', 'key'].map((part) => textOf(at(entry, part)) ?? '') as [string, string, string];
    const isReference = (provider === 'env' && /^[A-Za-z_]\w*$/.test(key)) || (provider === 'file' && key.trim() !== '');
    if (isReference && /^[A-Za-z_]\w*$/.test(name)) return [[name, `${provider}:${key}`]];
    remarks.lost(placeOf('secrets'), `the secret ${quoted(name)} from ${quoted(provider)} has no equal, and is not set`, 'job.secrets');
    return [];
  }));
}
