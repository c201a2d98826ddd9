import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionRequest } from '../options/definition-selector.ts';
import { DEFINITION_VALUE_OPTIONS, definitionSettings } from '../options/definition-values.ts';
import type { Parsed } from '../options/option-table.ts';
import { PASS_THRU_OPTION, passThru } from '../options/pass-thru.ts';
import { usage } from '../options/usage.ts';
import { FORMATS } from '../print/job.ts';
import { printRuns } from '../print/runs.ts';
import { formatOf, type Verb } from '../verb.ts';

const CLEARS = 'clear-execution-history';

export const setScheduledJob: Verb = {
  table: {
    name: 'set-scheduled-job',
    summary: 'changes definitions: only what is given',
    examples: ["set-scheduled-job Nightly --trigger '{daily: {at: \"04:00\"}}'", 'set-scheduled-job Build --new-name BuildAll', 'set-scheduled-job Nightly --run-now'],
    usage: ['NAME | ID | - … [options] [-- PROGRAM [ARG…]]'],
    completes: 'definition',
    first: ['trigger', 'run-now', 'new-name', 'pass-thru', 'file-path', 'script-block', 'scheduled-job-option', 'run-every', CLEARS],
    options: {
      ...DEFINITION_SELECTOR_OPTIONS,
      ...DEFINITION_VALUE_OPTIONS,
      trigger: { kind: 'texts', value: 'TRIGGER', help: 'in place of all triggers; repeatable; - reads stdin' },
      'scheduled-job-option': { kind: 'text', value: 'OPTIONS', help: 'in place of all options' },
      'new-name': { kind: 'text', value: 'NAME', help: 'another name: file, runs and history go with it' },
      [CLEARS]: { kind: 'switch', help: 'remove the finished runs; nothing else beside it' },
      ...PASS_THRU_OPTION,
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const request = definitionRequest('set-scheduled-job', options, approvalOf(options, 'set-scheduled-job'), options.words);
    refuseIdle(options);
    const settings = definitionSettings(options, undefined, 'ParameterArgumentValidationError');
    const { definitions, runs, problems, leftOver = [] } = await (await host().scheduledJobs()).set({
      ...request,
      ...settings,
      newName: options.text('new-name'),
      clearExecutionHistory: options.isOn(CLEARS),
      runNow: options.isOn('run-now'),
    });
    printRuns(voice, runs);
    return passThru(options, voice, { definitions, problems, leftOver }, format);
  },
};

/** Throws `AmbiguousParameterSet`, and `MissingMandatoryParameter` where nothing is to be done. */
function refuseIdle(options: Parsed): void {
  const changes = [...Object.keys(DEFINITION_VALUE_OPTIONS), 'new-name'].filter((flag) => options.has(flag)).map((flag) => `--${flag}`);
  const all = options.rest === undefined ? changes : [...changes, 'a program after --'];
  if (options.isOn(CLEARS) && all.length > 0) throw usage('AmbiguousParameterSet', `--${CLEARS} and ${all[0]} cannot be used together`);
  if (all.length > 0 || options.isOn(CLEARS) || options.isOn('pass-thru')) return;
  const text = options.words.find((word) => /\s/.test(word));
  throw usage('MissingMandatoryParameter', 'say what is to be changed', text === undefined ? 'set-scheduled-job --help shows what can be' : 'a text to run is given with --script-block');
}
