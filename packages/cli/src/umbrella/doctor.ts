import { writeJson } from '../print/json.ts';
import { table } from '../print/table.ts';
import { writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';

export const doctor: Verb = {
  table: {
    name: 'doctor',
    summary: 'checks this machine and the stores; with --repair builds a lost index anew from the run folders',
    examples: ['nightshift doctor', 'nightshift doctor --repair'],
    usage: ['[options]'],
    words: 0,
    options: { repair: { kind: 'switch', help: 'mend the stores; a damaged file is kept beside the new one' } },
  },
  async run(options, { host }) {
    const format = formatOf(options, ['table', 'json']);
    const examiner = await host().doctor();
    const findings = options.isOn('repair') ? await examiner.repair() : await examiner.examine();
    if (format === 'json') writeJson({ apiVersion: 1, findings });
    else writeOut(table([['Subject', ({ subject }) => subject], ['', ({ ok }) => (ok ? 'ok' : 'BAD')], ['Finding', ({ text, fix }) => (fix === undefined ? text : `${text}; ${fix}`)]], findings));
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};
