import type { Host, TriggerSelector, TriggerView } from '@nightshift/host';
import { approvalOf } from '../options/approval.ts';
import { definitionPathOf } from '../options/definition-selector.ts';
import type { Option, Parsed } from '../options/option-table.ts';
import { triggerSelector } from '../options/trigger-selector.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS } from '../print/job.ts';
import { printTriggers, triggerText } from '../print/trigger.ts';
import { formatOf, type Surroundings } from '../verb.ts';

export const PASS_THRU: Readonly<Record<string, Option>> = { 'pass-thru': { kind: 'switch', help: 'print what was changed' } };

type Verbs = Awaited<ReturnType<Host['scheduledJobs']>>;
interface Request {
  readonly selector: TriggerSelector;
  readonly path: string | undefined;
  readonly approve?: (trigger: TriggerView) => boolean;
}

/** What the verbs that change triggers have in common: which are meant, who is asked, and what is said. */
export async function changeTriggers(verb: string, options: Parsed, { host, voice }: Surroundings, change: (verbs: Verbs, request: Request) => ReturnType<Verbs['getJobTriggers']>): Promise<number> {
  const format = formatOf(options, FORMATS);
  const selector = triggerSelector(verb, options, false);
  const ask = approvalOf(options, verb);
  const approve = ask && { approve: (trigger: TriggerView) => ask(`${trigger.definition}, trigger ${trigger.id}: ${triggerText(trigger)}`) };
  const { triggers, problems, warnings } = await change(await host().scheduledJobs(), { selector, path: definitionPathOf(options), ...approve });
  if (options.isOn('pass-thru') && !options.isOn('what-if')) printTriggers(triggers, format);
  for (const warning of warnings) printWarning(voice, warning);
  return problems.map((problem) => printError(voice, problem))[0] ?? 0;
}
