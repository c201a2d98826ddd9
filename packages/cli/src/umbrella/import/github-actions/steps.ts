/** The steps of one job of a workflow as one text for bash. */
import type { DraftJob } from '../draft.ts';
import { secretIn, withVariables, type ExpressionPlace } from './expression.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { quoteText, scriptJob } from '../shell-text.ts';
import { hereDocument, refusal, stepsScript, type ScriptStep } from '../step-script.ts';
import { placeVariables, type Variable } from '../variables.ts';
import type { Step } from '../yaml-places.ts';
import { at, listOf, mapOf, textOf, type Values } from '../yaml-values.ts';

export interface StepsRequest {
  readonly workflow: unknown;
  readonly job: unknown;
  readonly remarks: Remarks;
  /** Of a path below the job. */
  place(...path: readonly Step[]): string;
}

/** What `shell:` names, as bash calls it, and with which options GitHub does. */
const SHELLS: Readonly<Record<string, { readonly program?: string; readonly options?: string }>> = {
  bash: { options: '-o pipefail' },
  sh: {},
  python: { program: 'python3 -' },
  pwsh: { program: 'pwsh -NoProfile -NonInteractive -Command -' },
};

/** Undefined when no step runs a command. */
export function stepsJob({ workflow, job, remarks, place }: StepsRequest): DraftJob | undefined {
  const steps = listOf(at(job, 'steps'));
  if (!steps.some((step) => textOf(at(step, 'run')) !== undefined)) return undefined;
  const variables = [...variablesOf(at(workflow, 'env'), place(), remarks), ...variablesOf(at(job, 'env'), place('env'), remarks)];
  const parts = placeVariables(variables.filter((variable) => 'value' in variable) as readonly Variable[], remarks);
  const secrets = { ...parts.secrets, ...secretsOf(variables) };
  const scope: Scope = { workflow, job, remarks, place, known: new Set([...Object.keys(parts.environment ?? {}), ...Object.keys(secrets)]), secrets };
  const script = steps.flatMap((step, index) => scriptStep(step, index, scope) ?? []);
  const [only] = script;
  const alone = script.length === 1 && only !== undefined ? textOfPython(steps, scope) : undefined;
  const text = alone ?? (script.length === 0 ? refusal('none of the steps was carried over') : stepsScript(script, true));
  return { ...scriptJob(text, alone === undefined ? 'bash' : 'python3'), ...(parts.environment && { environment: parts.environment }), ...(Object.keys(secrets).length > 0 && { secrets }) };
}

interface Scope extends StepsRequest {
  readonly known: Set<string>;
  /** Filled by the steps. */
  readonly secrets: Record<string, string>;
}

type FoundVariable = Variable | { readonly name: string; readonly secret: string; readonly place: string };

/** Variables with a value of their own, and those that are nothing but a secret. Any other expression is lost. */
function variablesOf(env: unknown, place: string, remarks: Remarks): readonly FoundVariable[] {
  return Object.entries(mapOf(env) ?? {}).flatMap(([name, raw]): FoundVariable[] => {
    const value = textOf(raw) ?? '';
    const secret = secretIn(value);
    if (secret !== undefined) {
      remarks.lost(place, `the secret ${secret} has to come from somewhere: give the scheduler a variable ${secret}`, 'job.secrets');
      return [{ name, secret: `env:${secret}`, place }];
    }
    if (!value.includes('${{')) return [{ name, value, place }];
    remarks.lost(place, `the variable ${quoted(name)} has an expression for a value, and is not set`, 'job.environment');
    return [];
  });
}

function secretsOf(variables: readonly FoundVariable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(variables.flatMap((variable) => ('secret' in variable && /^[A-Za-z_]\w*$/.test(variable.name) ? [[variable.name, variable.secret]] : [])));
}

function scriptStep(step: unknown, index: number, scope: Scope): ScriptStep | undefined {
  const { remarks } = scope;
  const place = scope.place('steps', index);
  const uses = textOf(at(step, 'uses'));
  const run = textOf(at(step, 'run'));
  const title = textOf(at(step, 'name')) ?? uses ?? `step ${index + 1}`;
  if (uses !== undefined) remarks.lost(scope.place('steps', index, 'uses'), `uses: ${uses} has no equal and was left out`, 'job');
  if (run === undefined || isLeftOut(step, title, place, remarks)) return undefined;
  const where: ExpressionPlace = { place: scope.place('steps', index, 'run'), remarks, known: scope.known };
  const variables = stepVariables(step, place, scope);
  const folder = textOf(at(step, 'working-directory')) ?? setting(scope, 'working-directory');
  noteRunner(run, where);
  if (at(step, 'timeout-minutes') !== undefined) remarks.note(place, `timeout-minutes of the step ${quoted(title)}: only a whole job has a time limit here`, 'job');
  return {
    title: title.replaceAll(/\$\{\{|\}\}/g, ''),
    ...shellOf(step, withVariables(run, where), scope, place),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(folder === undefined ? {} : { folder: folder.includes('${{') ? `"${withVariables(folder, where)}"` : quoteText(folder) }),
    ...(at(step, 'continue-on-error') === true && { mayFail: true }),
  };
}

/** A step under a condition is run never rather than always. `success()` is what holds without one. */
function isLeftOut(step: unknown, title: string, place: string, remarks: Remarks): boolean {
  const condition = textOf(at(step, 'if'));
  if (condition === undefined || /^\s*(?:\$\{\{)?\s*(?:success\(\)|true)\s*(?:\}\})?\s*$/.test(condition)) return false;
  remarks.lost(place, `the step ${quoted(title)} was left out: its condition, if: ${condition.replaceAll(/\$\{\{|\}\}|\s+/g, ' ').trim()}, has no equal`, 'job');
  return true;
}

function stepVariables(step: unknown, place: string, { remarks, secrets, known }: Scope): Readonly<Record<string, string>> {
  const found = variablesOf(at(step, 'env'), place, remarks);
  // A secret is set for the whole job: it cannot stand in the text.
  for (const [name, reference] of Object.entries(secretsOf(found))) {
    secrets[name] = reference;
    known.add(name);
  }
  const parts = placeVariables(found.filter((variable) => 'value' in variable) as readonly Variable[], remarks);
  Object.assign(secrets, parts.secrets);
  for (const name of Object.keys(parts.environment ?? {})) known.add(name);
  return Object.fromEntries(Object.entries(parts.environment ?? {}).map(([name, value]) => [name, quoteText(value)]));
}

function shellOf(step: unknown, body: string, scope: Scope, place: string): Pick<ScriptStep, 'body' | 'options'> {
  const named = textOf(at(step, 'shell')) ?? setting(scope, 'shell') ?? (/windows/i.test(textOf(at(scope.job, 'runs-on')) ?? '') ? 'pwsh' : undefined);
  if (named === undefined) return { body };
  const known = Object.hasOwn(SHELLS, named) ? SHELLS[named] : undefined;
  if (known === undefined) {
    scope.remarks.lost(place, `shell: ${quoted(named)} has no equal; the step only fails`, 'job');
    return { body: refusal(`a step for the shell ${named.replaceAll(/\s*\{+0?\}*/g, '')} was not carried over`) };
  }
  if (known.program !== undefined) return { body: hereDocument(known.program, body) };
  return { body, ...(known.options === undefined ? {} : { options: known.options }) };
}

/** `defaults.run` of the job, else of the workflow. */
function setting({ workflow, job }: Scope, key: string): string | undefined {
  return textOf(at(job, 'defaults', 'run', key)) ?? textOf(at(workflow, 'defaults', 'run', key));
}

function noteRunner(run: string, { place, remarks }: ExpressionPlace): void {
  const names = [...new Set(run.match(/\b(?:GITHUB|RUNNER)_[A-Z_]+\b/g) ?? [])];
  if (names.length > 0) remarks.lost(place, `${names.join(', ')}: no runner sets them here`, 'job');
}

/** The text itself when the only step is Python and asks for nothing else. */
function textOfPython(steps: readonly unknown[], { known, remarks, place, ...scope }: Scope): string | undefined {
  const index = steps.findIndex((step) => textOf(at(step, 'run')) !== undefined);
  const step = steps[index] as Values;
  const named = textOf(step['shell']) ?? setting({ ...scope, known, remarks, place }, 'shell');
  const run = textOf(step['run']) ?? '';
  const isBare = named === 'python' && !run.includes('${{') && ['env', 'working-directory', 'continue-on-error'].every((key) => step[key] === undefined) && setting({ ...scope, known, remarks, place }, 'working-directory') === undefined;
  return isBare ? run.replace(/\n+$/, '') : undefined;
}
