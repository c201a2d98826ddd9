import { ERRORS, RECORDED, STATUSES, WARNINGS, type Meanings } from '../../packages/cli/src/error-catalogue.ts';
import { STATUS } from '../../packages/cli/src/exit-codes.ts';
import { ERROR_EXAMPLES } from './error-examples.ts';
import { anchorOf, code, fence, GENERATED, page, prose, table } from './markdown.ts';
import { printed } from './run-example.ts';

/** `docs/reference/errors.md`. The examples are what the built product prints now. */
export function errorsPage(): string {
  const groups = [
    ...Object.entries(STATUS).map(([status, codes]) => ({ title: `Exit status ${status}`, text: sentence(STATUSES[Number(status)] as string), meanings: pick(ERRORS, codes) })),
    { title: 'Recorded on a job', text: RECORDED_TEXT, meanings: RECORDED },
    { title: 'Warnings', text: WARNINGS_TEXT, meanings: WARNINGS },
  ];
  return page(
    '# Errors',
    GENERATED,
    INTRODUCTION,
    '## Exit statuses',
    table(['status', 'means'], Object.entries(STATUSES).map(([status, text]) => [status, prose(text)])),
    STATUS_RULES,
    '## All codes',
    table(['where', 'codes'], groups.map(({ title, meanings }) => [`[${title}](#${anchorOf(title)})`, Object.keys(meanings).map((name) => `[${name}](#${anchorOf(name)})`).join(', ')])),
    ...groups.flatMap(({ title, text, meanings }) => [`## ${title}`, text, ...Object.keys(meanings).flatMap((name) => entry(name, meanings))]),
  );
}

const INTRODUCTION = `An error is one line on standard error: the verb, a code, a sentence about this input, and the place where there is one. A complaint about a text shows the line and a caret; a hint says what to type or change. With \`-o json\` or \`-o jsonl\` it is one JSON object, \`{"error":{"code","message","file","line","column","hint"}}\`. Codes never change their meaning; PowerShell's own are kept where it has one. \`--debug\` adds a stack trace.`;

const STATUS_RULES = `When several things go wrong, all are printed and the first decides the status. A mistake that has status 2 in an option has status 3 in a file; one that has status 3 in a file has status 2 in an option.`;

const RECORDED_TEXT = `The start succeeds and the job exists: its state is Failed, its reason \`spawn\`, and its \`statusMessage\` begins with one of these codes. \`start-job --wait\` ends with 10.`;

const WARNINGS_TEXT = `A warning begins with the word \`warning\` and has no influence on the exit status, but for \`validate --strict\`.`;

function pick(meanings: Meanings, codes: readonly string[]): Meanings {
  return Object.fromEntries(codes.flatMap((name) => (meanings[name] === undefined ? [] : [[name, meanings[name]]])));
}

function entry(name: string, meanings: Meanings): string[] {
  const { when, advice } = meanings[name] as Meanings[string];
  const example = ERROR_EXAMPLES[name];
  const shown = example === undefined ? [] : [fence('text', `$ ${example.line}\n${printed(example)}`)];
  return [`### ${code(name)}`, `${when} ${advice}`, ...shown];
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}
