/** What a program of somebody's own says is to be run, and what may be wrong with that. */
import { checkOptions, filledText, isMap, listOf, oneOf, outOfRange, refused, text, unknownOption, wrongForm, type Check } from './option-kinds.ts';

/** What to run: a program with its arguments, a text for a shell, a script file, a spec for a job type, or a definition by its name. */
export type What =
  | readonly [program: string, ...args: string[]]
  | { readonly scriptBlock: string; readonly shell?: string; readonly runtime?: string }
  | { readonly filePath: string; readonly runtime?: string }
  | { readonly type: string; readonly spec: unknown }
  | { readonly definitionName: string; readonly definitionPath?: string; readonly type?: string };

const runtime: Check = (value, name) => {
  text(value, name);
  if (!/^[^\s@]+(?:@\d+(?:\.\d+)*)?$/.test(value as string)) throw outOfRange(name, 'a program, or a program and its version as in node@22', value);
};

/** The ways to say in an object what to run, each by the key that must be there. */
const FORMS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  scriptBlock: { scriptBlock: filledText, shell: oneOf(['sh', 'bash', 'pwsh', 'node', 'python3']), runtime },
  filePath: { filePath: text, runtime },
  spec: { spec: () => {}, type: text },
  definitionName: { definitionName: text, definitionPath: text, type: text },
};
const KEYS = [...new Set(Object.values(FORMS).flatMap((checks) => Object.keys(checks)))];

/** Which of the ways it is. Throws what is wrong with it. */
export function formOf(what: unknown): string {
  if (Array.isArray(what)) return checkProgram(what);
  if (what === undefined || what === null) throw nothingToRun();
  if (!isMap(what)) throw wrongForm('what to run', 'an array or an object', what, 'a program is [program, ...args], a text { scriptBlock }');
  const given = Object.keys(what).filter((key) => what[key] !== undefined);
  const [form, another] = Object.keys(FORMS).filter((key) => given.includes(key));
  if (another !== undefined) throw refused('AmbiguousParameterSet', `${form} and ${another} cannot be used together`);
  const strange = given.find((key) => !KEYS.includes(key));
  if (strange !== undefined) throw unknownOption(strange, KEYS, 'what to run');
  if (form === undefined) throw nothingToRun();
  const checks = FORMS[form] as Readonly<Record<string, Check>>;
  const foreign = given.find((key) => !Object.hasOwn(checks, key));
  if (foreign !== undefined) throw refused('AmbiguousParameterSet', `${foreign} does not go with ${form}`);
  checkOptions(what, checks, form);
  if (given.includes('shell') && given.includes('runtime')) throw refused('InvalidParameterCombination', 'shell and runtime say the same: keep one of them');
  return form;
}

function checkProgram(words: readonly unknown[]): 'program' {
  if (words.length === 0) throw nothingToRun();
  listOf(text)(words, 'the program');
  return 'program';
}

function nothingToRun(): Error {
  return refused('MissingMandatoryParameter', 'say what to run', '[program, ...args], { scriptBlock }, { filePath }, { type, spec } or { definitionName }');
}
