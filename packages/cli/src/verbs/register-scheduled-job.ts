import { resolve } from 'node:path';
import { currentFolder } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { definitionPathOf } from '../options/definition-selector.ts';
import { DEFINITION_VALUE_OPTIONS, definitionSettings } from '../options/definition-values.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printDefinition } from '../print/definition.ts';
import { printError } from '../print/error.ts';
import { FORMATS } from '../print/job.ts';
import { printRuns } from '../print/runs.ts';
import { shownPath } from '../umbrella/import/shown-path.ts';
import { formatOf, type Verb } from '../verb.ts';

export const registerScheduledJob: Verb = {
  table: {
    name: 'register-scheduled-job',
    summary: 'writes a definition: what to run, and when',
    examples: ["register-scheduled-job Hello 'echo hi' --trigger '{daily: {at: \"09:00\"}}'", 'register-scheduled-job Build --run-every 1h -- make all', 'register-scheduled-job Backup --file-path backup.sh --run-now'],
    usage: ["NAME 'TEXT' [options] [-- ARG…]", 'NAME --file-path FILE [options] [-- ARG…]', 'NAME [options] -- PROGRAM [ARG…]'],
    words: 2,
    runs: 'program',
    first: ['trigger', 'run-every', 'run-now', 'scheduled-job-option', 'file-path', 'description', 'time-zone', 'working-directory', 'env', 'definition-path'],
    options: {
      name: { kind: 'text', value: 'NAME', help: 'the name, as a flag' },
      ...DEFINITION_VALUE_OPTIONS,
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where to write; default: configuration, else ./definitions', completes: 'folder' },
      ...CONFIG_OPTION,
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const { name, text } = wordsOf(options);
    const settings = definitionSettings(options, text, 'InvalidMaxResultCountParameterForRegisterScheduledJobDefinition');
    if (settings.body === undefined) throw usage('MissingMandatoryParameter', `say what ${name} is to run`, 'a text, --file-path FILE, or a program after --');
    const path = definitionPathOf(options);
    const approve = approvalOf(options, 'register-scheduled-job');
    const { definitions, runs, problems } = await (await host().scheduledJobs()).register({
      ...settings,
      name,
      runNow: options.isOn('run-now'),
      definitionPath: path === undefined ? undefined : resolve(currentFolder(), path),
      approve: approve === undefined ? undefined : (file) => approve(`${name} (${shownPath(file)})`),
    });
    for (const definition of definitions) printDefinition(definition, format);
    printRuns(voice, runs);
    return problems.map((problem) => printError(voice, problem))[0] ?? EXIT.done;
  },
};

/** The name comes first, unless a flag says it; then the text. */
function wordsOf(options: Parsed): { readonly name: string; readonly text: string | undefined } {
  const [first, second] = options.words;
  const named = options.text('name');
  if (named !== undefined && second !== undefined) throw usage('PositionalParameterNotFound', `"${second}" is one word too many: --name says the name`, 'quote a text that holds blanks, or write -- before a program and its arguments');
  const name = named ?? first;
  if (name === undefined || name === '') throw usage('MissingMandatoryParameter', 'say how the definition is called', "register-scheduled-job NAME 'TEXT'");
  return { name, text: named === undefined ? second : first };
}
