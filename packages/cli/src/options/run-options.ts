import { durationOf } from '../verb.ts';
import type { Option, Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** What reads a text. */
export const SHELLS: readonly string[] = ['sh', 'bash', 'pwsh', 'node', 'python3'];

/** How a command runs, beside what it is; a definition says all this itself. Source: jobs.md 8.2. */
export const RUN_OPTIONS: Readonly<Record<string, Option>> = {
  'initialization-script': { kind: 'text', value: 'TEXT', help: 'runs first, in the same process; a failure there ends the job' },
  'input-object': { kind: 'texts', value: 'LINE', help: 'a line of its standard input; repeatable; - copies yours' },
  runtime: { kind: 'text', value: 'NAME[@V]', help: 'the interpreter of the text or file, and its version' },
  timeout: { kind: 'text', value: 'TIME', help: 'stop it after so long: 90s, 5m, 1h30m' },
  'grace-period': { kind: 'text', value: 'TIME', help: 'between SIGTERM and SIGKILL; default 10s' },
  'success-exit-codes': { kind: 'list', value: 'N,…', help: 'exit codes that mean Completed; default 0' },
  'output-format': { kind: 'text', value: 'FORMAT', help: 'text, or ndjson: each line a JSON value', oneOf: ['text', 'ndjson'] },
  'merge-streams': { kind: 'switch', help: 'standard error among the output, in exact order' },
  'no-stream-commands': { kind: 'switch', help: 'lines such as ::warning::text are plain output' },
};

/** The part of a command's spec that these flags say. Throws `DurationInvalid`, `ParameterArgumentValidationError`. */
export function runSpec(options: Parsed): Record<string, unknown> {
  const codes = options.list('success-exit-codes')?.map(readExitCode);
  const lines = options.list('input-object');
  return withoutAbsent({
    initializationScript: options.text('initialization-script'),
    inputObject: lines === undefined || isStandardInput(lines) ? undefined : lines,
    runtime: readRuntime(options.text('runtime')),
    timeout: durationOf(options, 'timeout'),
    gracePeriod: durationOf(options, 'grace-period'),
    successExitCodes: codes,
    outputFormat: options.text('output-format'),
    mergeStreams: options.isOn('merge-streams') || undefined,
    streamCommands: options.isOn('no-stream-commands') ? false : undefined,
    credential: options.text('credential'),
  });
}

/** Whether the caller's own standard input becomes the job's. Throws `InvalidParameterCombination` for `-` among lines. */
export function wantsStandardInput(options: Parsed): boolean {
  return isStandardInput(options.list('input-object') ?? []);
}

function isStandardInput(lines: readonly string[]): boolean {
  if (!lines.includes('-')) return false;
  if (lines.length > 1) throw usage('InvalidParameterCombination', '--input-object - and --input-object LINE exclude each other');
  return true;
}

function readExitCode(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  throw usage('ParameterArgumentValidationError', `"${text}" is not an exit code: whole numbers from 0 to 255`);
}

/** Throws `ParameterArgumentValidationError`. */
export function readRuntime(text: string | undefined): string | undefined {
  if (text === undefined || /^[^\s@]+(?:@\d+(?:\.\d+)*)?$/.test(text)) return text;
  throw usage('ParameterArgumentValidationError', `--runtime takes a program, or a program and its version as in node@22; not "${text}"`);
}

function withoutAbsent(spec: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
