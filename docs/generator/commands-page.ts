import { STATUSES } from '../../packages/cli/src/error-catalogue.ts';
import { JOB_VERBS } from '../../packages/cli/src/main.ts';
import { SELECTOR_OPTIONS } from '../../packages/cli/src/options/job-selector.ts';
import { COMMON, type Option } from '../../packages/cli/src/options/option-table.ts';
import { isWordOfUmbrella } from '../../packages/cli/src/options/help.ts';
import { everyVerb } from '../../packages/cli/src/umbrella/umbrella.ts';
import type { Verb } from '../../packages/cli/src/verb.ts';
import { anchorOf, code, fence, GENERATED, page, prose, table } from './markdown.ts';

type Options = Readonly<Record<string, Option>>;

const OF_EVERY_VERB = 'Options of every verb';
const THAT_CHOOSE = 'Options that choose jobs';

/** `docs/reference/commands.md`, from the option tables of the verbs. */
export function commandsPage(): string {
  const verbs = everyVerb(JOB_VERBS);
  return page(
    '# Commands',
    GENERATED,
    INTRODUCTION,
    table(['verb', 'what it does'], verbs.map(row)),
    `## ${OF_EVERY_VERB}`,
    optionTable(COMMON),
    `## ${THAT_CHOOSE}`,
    SELECTORS,
    optionTable(SELECTOR_OPTIONS),
    "## PowerShell's spelling",
    POWERSHELL,
    '## Exit statuses',
    table(['status', 'means'], Object.entries(STATUSES).map(([status, text]) => [status, prose(text)])),
    'Every error code has one of them: [Errors](errors.md).',
    ...verbs.flatMap(entry),
  );
}

const INTRODUCTION = `Every job verb is a command of its own and a word of \`nightshift\`: \`start-job …\` is \`nightshift start-job …\`. The others are words of \`nightshift\` only. \`nightshift help VERB\` prints what stands here, \`VERB --help\` one screen of it. Standard output carries data, standard error everything else.`;

const SELECTORS = `A word without a flag is an id when it is all digits, an instance id when it has the form of one (at least 8 characters of an end will do), else a name. \`-\` reads ids from standard input, one a line, or the JSON that the verbs print. Words may be separated by commas. A name with \`*\`, \`?\` or \`[ ]\` is a pattern: it is compared without upper and lower case, and it is quiet when nothing matches; anything exact that matches nothing is an error.`;

const POWERSHELL = `\`--definition-name Nightly\` may be written \`-DefinitionName Nightly\`: one dash, upper and lower case as you like, also shortened to three or more letters as long as only one option fits. PowerShell's aliases are known in that spelling. After \`-DefinitionName NAME\` two words may follow, the path and the type. A switch may be told its value: \`--keep=false\`. In pwsh the cmdlets of the same names come first: type \`nightshift start-job\`.`;

function row(verb: Verb): string[] {
  return [`[${code(nameOf(verb))}](#${anchorOf(nameOf(verb))})`, prose(verb.table.summary)];
}

function entry(verb: Verb): string[] {
  const { summary, examples, usage, options } = verb.table;
  const own = Object.entries(options).filter(([, { selects }]) => selects !== true);
  const chooses = own.length < Object.keys(options).length;
  const also = [...(chooses ? [`[that choose jobs](#${anchorOf(THAT_CHOOSE)})`] : []), `[of every verb](#${anchorOf(OF_EVERY_VERB)})`];
  return [
    `## ${nameOf(verb)}`,
    `${prose(capital(summary))}.`,
    fence('sh', examples.join('\n')),
    fence('text', usage.map((line) => `${nameOf(verb)} ${line}`).join('\n')),
    own.length === 0 ? '' : optionTable(Object.fromEntries(own)),
    `${own.length === 0 ? 'Options' : 'And the options'} ${also.join(' and ')}.`,
  ];
}

/** As it is typed. */
function nameOf({ table: { name } }: Verb): string {
  return isWordOfUmbrella(name) ? `nightshift ${name}` : name;
}

function optionTable(options: Options): string {
  return table(['option', 'PowerShell', 'value', 'meaning'], Object.entries(options).map(([name, option]) => [spelled(name, option), powerShell(name, option), valueOf(option), prose(option.help)]));
}

function spelled(name: string, { short, kind, value }: Option): string {
  const shown = kind === 'switch' ? '' : ` ${value ?? 'TEXT'}`;
  return [...(short === undefined ? [] : [code(`-${short}${shown}`)]), code(`--${name}${shown}`)].join('<br>');
}

function powerShell(name: string, { aliases = [] }: Option): string {
  const parameter = name.split('-').map(capital).join('');
  return [parameter, ...aliases].map((word) => code(`-${word}`)).join('<br>');
}

const FORMS: Readonly<Record<Option['kind'], string>> = {
  switch: '',
  text: '',
  list: 'separated by commas, repeatable',
  texts: 'repeatable',
  words: 'every word up to the next that begins with a dash',
};

function valueOf({ kind, oneOf }: Option): string {
  const words = oneOf === undefined ? '' : `one of ${oneOf.map(code).join(', ')}`;
  return [words, FORMS[kind]].filter((part) => part !== '').join('; ');
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
