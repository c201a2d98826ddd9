import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import type { ConfigReport } from '../config/read-config.ts';
import type { Loss } from '../plugins/plugins.ts';
import { isMissingType } from './missing-type.ts';
import { phrasesOf } from './standing.ts';
import { trustCommand } from './trust-command.ts';

/**
 * A complaint about a missing job type, with what the configuration has to do with it: `PluginNotTrusted` where the plugins of
 * a project that nobody trusts might bring it, `JobTypeNotInstalled` where one that was lost might. Anything else comes back as
 * it was. `losses`: what was said of plugins that cannot be used. Source: S3, jobs.md 18.1.
 */
export async function explainMissingType(cause: unknown, report: ConfigReport, losses: readonly Loss[]): Promise<unknown> {
  if (cause instanceof AggregateError) return new AggregateError(await Promise.all(cause.errors.map((error) => explainMissingType(error, report, losses))));
  return isMissingType(cause) ? explain(cause as JobError, report, losses) : cause;
}

function explain(cause: JobError, { trust, trusted }: ConfigReport, losses: readonly Loss[]): JobError {
  if (!trusted && trust !== undefined && trust.plugins.length > 0) {
    const names = trust.plugins.map(({ name }) => name).join(', ');
    const since = trust.standing === 'changed' ? `; since they were trusted, ${phrasesOf(trust.changes)}` : '';
    return said(cause, 'PluginNotTrusted', `the plugins of this project might, and nobody has trusted them as they are (${names})${since}`, trustCommand(trust));
  }
  const lost = losses.filter(({ named }) => named !== undefined);
  const [only] = lost;
  if (only === undefined) return cause;
  if (lost.length === 1) return said(cause, 'JobTypeNotInstalled', `one that cannot be used might: ${only.error.message}`, only.error.hint);
  return said(cause, 'JobTypeNotInstalled', `one of those that cannot be used might: ${lost.map(({ named, error }) => `${named} (${error.code})`).join(', ')}`);
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
