import { briefly, SCREEN } from './help.ts';
import type { VerbTable } from './option-table.ts';
import { wrapped } from './wrap.ts';

/** The verbs that nearly everybody needs: these are described. */
const FIRST = ['start-job', 'get-job', 'receive-job', 'wait-job', 'stop-job', 'remove-job'];

/** All others by what they are about; whatever fits nowhere is under the last title. */
const GROUPS: readonly (readonly [title: string, verbs: RegExp])[] = [
  ['More of jobs', /(?<!scheduled)-job$|-job-type$|^invoke-command$/],
  ['Definitions', /^(?:new|validate|next|history|import)$|-scheduled-job$/],
  ['Triggers', /-job-trigger$/],
  ['Options', /-scheduled-job-option$/],
  ['Upkeep', /./],
];

/** One screen with every verb. */
export function overview(tables: readonly VerbTable[]): string {
  const first = FIRST.flatMap((name) => tables.filter((table) => table.name === name));
  return `${[
    'nightshift: jobs that outlive the terminal',
    '',
    '  $ start-job --name Build -- make all',
    '  $ receive-job Build --follow',
    '',
    ...described(first, true),
    '',
    ...groupLines(tables.filter((table) => !first.includes(table))),
    'VERB --help is one screen, nightshift help VERB everything about a verb.',
  ].join('\n')}\n`;
}

/** Every verb with what it does. */
export function fullOverview(tables: readonly VerbTable[]): string {
  return `${['nightshift: jobs that outlive the terminal', '', ...described(tables, false)].join('\n')}\n`;
}

function described(tables: readonly VerbTable[], brief: boolean): string[] {
  const width = Math.max(...tables.map(({ name }) => name.length));
  return tables.flatMap(({ name, summary }) => {
    const head = `  ${name.padEnd(width)}  `;
    return brief ? [briefly(head, summary)] : wrapped(head + summary, SCREEN.columns, head.length);
  });
}

function groupLines(tables: readonly VerbTable[]): string[] {
  const titled = tables.map(({ name }) => [GROUPS.find(([, verbs]) => verbs.test(name))?.[0] as string, name] as const);
  return GROUPS.flatMap(([title]) => {
    const names = titled.filter(([of]) => of === title).map(([, name]) => name);
    return names.length === 0 ? [] : wrapped(`${title}: ${names.join(' ')}`, SCREEN.columns, 2);
  });
}
