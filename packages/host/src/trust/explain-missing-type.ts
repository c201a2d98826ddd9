import { dirname } from 'node:path';
import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import type { ConfigReport } from '../config/read-config.ts';
import { findPlugin, isLost, type FoundPlugin } from './find-plugin.ts';
import { isMissingType } from './missing-type.ts';
import { phrasesOf } from './standing.ts';
import { trustCommand } from './trust-command.ts';

/**
 * A complaint about a missing job type, with what the configuration has to do with it: `PluginNotTrusted` where the plugins of
 * a project that nobody trusts might bring it, `PluginLoadFailed` where one that is named is not there. Anything else comes
 * back as it was. Source: S3, jobs.md 18.1.
 */
export async function explainMissingType(cause: unknown, report: ConfigReport): Promise<unknown> {
  if (cause instanceof AggregateError) return new AggregateError(await Promise.all(cause.errors.map((error) => explainMissingType(error, report))));
  const names = report.found?.file.values.plugins ?? [];
  if (!isMissingType(cause) || names.length === 0) return cause;
  return explain(cause as JobError, report, await pluginsOf(report, names));
}

function pluginsOf({ trust, found }: ConfigReport, names: readonly string[]): Promise<readonly FoundPlugin[]> {
  return trust === undefined ? Promise.all(names.map((name) => findPlugin(name, dirname(found?.path as string)))) : Promise.resolve(trust.plugins);
}

function explain(cause: JobError, { trust, trusted }: ConfigReport, plugins: readonly FoundPlugin[]): JobError {
  const names = plugins.map(({ name }) => name).join(', ');
  if (!trusted && trust !== undefined) {
    const since = trust.standing === 'changed' ? `; since they were trusted, ${phrasesOf(trust.changes)}` : '';
    return said(cause, 'PluginNotTrusted', `the plugins of this project might, and nobody has trusted them as they are (${names})${since}`, trustCommand(trust));
  }
  const lost = plugins.find(isLost);
  if (lost !== undefined) return said(cause, 'PluginLoadFailed', `the plugin ${lost.name} might, and is not there: ${lost.fault}`, lost.hint);
  return said(cause, cause.code, `the plugins that the configuration names might, but this version of Nightshift does not load plugins yet (${names})`);
}

function said(cause: JobError, code: string, more: string, command?: string): JobError {
  const { message, file, line, column, excerpt } = cause;
  // A near miss may be a misspelling of a type that is there.
  const near = cause.hint?.startsWith('did you mean') === true ? cause.hint : undefined;
  const hint = command === undefined || near === undefined ? (command ?? near) : `${command} (or ${near})`;
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }), ...(excerpt === undefined ? {} : { excerpt }) };
  const facts: JobErrorFacts = { code, message: `${message}; ${more}`, ...place, ...(hint === undefined ? {} : { hint }) };
  return new JobError(facts, { cause });
}
