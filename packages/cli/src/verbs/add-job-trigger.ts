import { readFileSync } from 'node:fs';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionPathOf, definitionsFor } from '../options/definition-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printError, printWarning } from '../print/error.ts';
import { triggerText } from '../print/trigger.ts';
import type { Verb } from '../verb.ts';

const NAME = 'add-job-trigger';

export const addJobTrigger: Verb = {
  table: {
    name: NAME,
    summary: 'gives triggers to definitions, each a copy with an id of its own',
    examples: [
      "add-job-trigger Backup --trigger '{daily: {at: \"03:00\"}}'",
      "new-job-trigger --at-startup --json | add-job-trigger 'Sync*' --trigger -",
      'get-job-trigger Backup --json | add-job-trigger Report --trigger -',
    ],
    usage: ['NAME | PATTERN | ID | - … --trigger TRIGGER [options]'],
    completes: 'definition',
    options: {
      trigger: { kind: 'texts', value: 'TRIGGER', help: 'JSON or YAML, as in a file or as verbs print it; -: from stdin; repeatable' },
      ...DEFINITION_SELECTOR_OPTIONS,
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const texts = textsOf(options);
    const selector = definitionsFor(NAME, options);
    const ask = approvalOf(options, NAME);
    const { problems, warnings } = await (await host().scheduledJobs()).addJobTriggers({
      selector,
      texts,
      path: definitionPathOf(options),
      ...(ask === undefined ? {} : { approve: (trigger) => ask(`${trigger.definition}: ${triggerText(trigger)}`) }),
    });
    for (const warning of warnings) printWarning(voice, warning);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};

function textsOf(options: Parsed): readonly string[] {
  const texts = options.list('trigger') ?? [];
  if (texts.length === 0) throw usage('MissingMandatoryParameter', 'say which trigger', `--trigger '{daily: {at: "03:00"}}', or what new-job-trigger --json prints`);
  const pipes = [...texts, ...options.words].filter((word) => word === '-');
  if (pipes.length > 1) throw usage('InvalidParameterCombination', 'standard input is read once: either triggers or definitions come from there');
  return texts.map((text) => (text === '-' ? readFileSync(0, 'utf8') : text));
}
