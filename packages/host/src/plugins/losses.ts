/** What is said of plugins that cannot be used: always by the name that the configuration gives them. */
import { JobError } from '@nightshift/sdk';
import type { PluginPlace } from './messages.ts';
import { ThrownByPlugin } from './thrown-by-plugin.ts';

/** As much of foreign text as an error shows, in characters. */
const SHOWN = 200;

export function timedOut({ named }: PluginPlace, doing: string, limit: number): JobError {
  const isImport = doing === 'be imported';
  const because = isImport ? 'does it wait for something while it is imported?' : 'does it wait for something that never comes?';
  return new JobError({ code: 'PluginTimedOut', message: `the plugin ${named} ${isImport ? 'was not imported' : `did not ${doing}`} in ${limit / 1_000} s and was ended`, hint: because });
}

/** `lastWords`: what it has written to its standard error. */
export function crashed({ named }: PluginPlace, { error, exitCode, signal }: { readonly error?: Error; readonly exitCode?: number | null; readonly signal?: NodeJS.Signals | null }, lastWords: string): JobError {
  const how = error === undefined ? (signal === null || signal === undefined ? `ended its process with exit code ${exitCode ?? 0}` : `was ended by ${signal}`) : `has no process: ${error.message}`;
  const words = lastLine(lastWords);
  return new JobError({ code: 'PluginCrashed', message: `the plugin ${named} ${how}${words === '' ? '' : `; its last words: ${words}`}` });
}

/** Node tells of a crash in many lines, of which one says what it was. */
function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(?:at |Node\.js v|\^+$|\})/.test(line));
  return cut(lines.findLast((line) => /^(?:\w*Error|FATAL)\b/.test(line)) ?? lines.at(-1) ?? '');
}

export function noMessage({ named }: PluginPlace, line: string): JobError {
  return new JobError({ code: 'PluginMessageInvalid', message: `the plugin ${named} sent ${JSON.stringify(cut(line))} where an answer was expected` });
}

export function tooMuch({ named }: PluginPlace, what: string): JobError {
  return new JobError({ code: 'PluginMessageInvalid', message: `the plugin ${named} sent ${what}` });
}

/** An answer of another shape than it should have. */
export function wrongAnswer({ named }: PluginPlace, doing: string, faults: readonly string[]): JobError {
  return new JobError({ code: 'PluginMessageInvalid', message: `the plugin ${named} was asked to ${doing} and answered with something else: ${faults.slice(0, 5).join('; ')}` });
}

/** What went wrong while a plugin was loaded, in the words of its loss. */
export function notLoaded({ named }: PluginPlace, cause: unknown): unknown {
  if (!(cause instanceof ThrownByPlugin)) return cause;
  const { code = 'PluginLoadFailed', message, hint } = cause.fault;
  const whose = code === 'PluginInvalid' ? `the plugin ${named} cannot be used: ${cut(message, 1_000)}` : `the plugin ${named} cannot be loaded: ${cut(message)}`;
  return new JobError({ code, message: whose, ...(hint === undefined ? {} : { hint: cut(hint) }) }, { cause });
}

/** What a plugin has thrown in answer to a call: an error of its own making keeps its code, anything else is a failure of the plugin. */
export function thrownBy({ named }: PluginPlace, doing: string, cause: unknown): unknown {
  if (!(cause instanceof ThrownByPlugin)) return cause;
  const { code, message, hint, path } = cause.fault;
  const facts = { ...(hint === undefined ? {} : { hint: cut(hint) }), ...(path === undefined ? {} : { path }) };
  if (code === undefined) return new JobError({ code: 'PluginLoadFailed', message: `the plugin ${named} was asked to ${doing} and threw ${cut(message)}` }, { cause });
  return new JobError({ code, message: code.startsWith('Plugin') ? `the plugin ${named}: ${cut(message)}` : cut(message), ...facts }, { cause });
}

export function cut(text: string, longest: number = SHOWN): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
