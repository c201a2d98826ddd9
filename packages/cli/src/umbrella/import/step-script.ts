/** Several steps as one text for a shell, each in a subshell of its own, so that no folder and no variable leaks into the next. */
import { quoteText } from './shell-text.ts';

export interface ScriptStep {
  /** For people: a comment above. */
  readonly title?: string;
  /** Shell words: `cd WORD`. */
  readonly folder?: string;
  /** NAME to a shell word. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly body: string;
  /** What follows runs even when this fails. */
  readonly mayFail?: boolean;
  /** Options of the shell for this step alone, such as `-o pipefail`. */
  readonly options?: string;
  /** A variable that gets what the step prints. */
  readonly output?: string;
}

/** A step that only says why it cannot be run, and fails. */
export function refusal(why: string): string {
  return `echo ${quoteText(why)} >&2\nexit 1`;
}

/**
 * The steps in order. `strict`: a command that fails ends its step, and a step that fails ends the script. A single step needs
 * no subshell; a single command no `set -e`.
 */
export function stepsScript(steps: readonly ScriptStep[], strict: boolean): string {
  const [only, ...others] = steps as readonly [ScriptStep, ...ScriptStep[]];
  if (others.length === 0 && only.mayFail !== true && only.output === undefined) {
    const lines = linesOf(only);
    return [...(strict && !isCommand(lines) ? ['set -e'] : []), ...lines].join('\n');
  }
  // Always, so that a failed step ends the script with its own code.
  return ['set -e', ...steps.flatMap((step, index) => blockOf(step, { strict, index }))].join('\n');
}

function blockOf(step: ScriptStep, { strict, index }: { readonly strict: boolean; readonly index: number }): readonly string[] {
  const title = `# ${(step.title ?? `step ${index + 1}`).replaceAll(/\s+/g, ' ').slice(0, 80)}`;
  const lines = linesOf(step);
  const inForce = step.mayFail !== true;
  const body = [...(inForce === strict || isCommand(lines) ? [] : [strict ? 'set -e' : 'set +e']), ...lines];
  const block = step.output === undefined ? ['(', ...body, ')'] : [`${step.output}=$(`, ...body, ')', `export ${step.output}`, `printf '%s\\n' "$${step.output}"`];
  // Not "( … ) || :", since a shell forgets -e inside of what is tested.
  return [title, ...(step.mayFail === true ? ['set +e', ...block, 'set -e'] : block)];
}

/** One command: what it ends with is what its step ends with, in any mode. */
function isCommand(lines: readonly string[]): boolean {
  return lines.length === 1 && !/[\n;|&]/.test(lines[0] as string);
}

function linesOf({ folder, variables = {}, options, body }: ScriptStep): readonly string[] {
  return [
    ...(options === undefined ? [] : [`set ${options}`]),
    ...Object.entries(variables).map(([name, word]) => `export ${name}=${word}`),
    ...(folder === undefined ? [] : [`cd ${folder} || exit`]),
    body.replace(/\n+$/, ''),
  ];
}

/** A text on standard input of a program. */
export function hereDocument(program: string, text: string): string {
  let end = 'END_OF_SCRIPT';
  while (text.split('\n').includes(end)) end += '_';
  return `${program} <<'${end}'\n${text.replace(/\n+$/, '')}\n${end}`;
}
