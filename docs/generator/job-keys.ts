import { backgroundSchema } from '../../plugins/background-job/src/spec.ts';
import { scheduledSchema } from '../../plugins/scheduled-job/src/spec.ts';
import type { JsonSchema, SpecSchema } from '../../packages/sdk/src/index.ts';
import { anchorOf, code, prose, table } from './markdown.ts';
import { printed } from './run-example.ts';
import { schemaWords } from './schema-words.ts';
import { yaml } from './yaml.ts';

/** The keys under `job` of a ScheduledJob that runs a BackgroundJob, as their types describe them to editors. */
export function jobTable(): string {
  const keys = { ...propertiesOf(scheduledSchema), ...propertiesOf(backgroundSchema) };
  const answers = answersOf(keys);
  const rows = Object.entries(keys).map(([key, { description, default: otherwise, examples = [], ...schema }]) => {
    const { codes, isForLater } = answers.get(key) as Answer;
    return [
      code(key),
      schemaWords(schema),
      otherwise === undefined ? '' : code(yaml(otherwise)),
      examples.map((example) => code(yaml(example))).join(', '),
      `${prose(String(description))}${isForLater ? ' So far a start with the example is refused.' : ''}`,
      codes.map((one) => `[${one}](errors.md#${anchorOf(one)})`).join(', '),
    ];
  });
  return table(['key', 'type', 'default', 'example', 'meaning', 'errors'], rows);
}

type Properties = Readonly<Record<string, JsonSchema & { readonly examples?: readonly unknown[] }>>;

function propertiesOf(schema: SpecSchema<unknown>): Properties {
  return schema['~standard'].jsonSchema?.input({ target: 'draft-07' })['properties'] as Properties;
}

/** What the product says to values of a key. */
interface Answer {
  readonly codes: readonly string[];
  /** The example is right and cannot be honoured by this version. */
  readonly isForLater: boolean;
}

const BODIES = ['command', 'scriptBlock', 'filePath'];
/** Of the wrong kind for every key. */
const WRONG = { a: { b: 1 } };
/** Of the right kind, and refused. */
const REFUSED: Readonly<Record<string, unknown>> = {
  type: 'ContainerJob', filePath: 'nowhere.sh', workingDirectory: '../..', runAs32: true, authentication: 'Kerberos', credential: 'backup', argumentList: [[1]], environment: { LD_PRELOAD: 'x' },
};

function answersOf(keys: Properties): ReadonlyMap<string, Answer> {
  const attempts = Object.entries(keys).flatMap(([key, schema]) => attemptsAt(key, schema));
  const complaints = complaintsAbout(attempts);
  return new Map(Object.keys(keys).map((key) => [key, answerOf(attempts.flatMap((attempt, index) => (attempt.key === key ? (complaints[index] as Complaint[]) : [])))]));
}

interface Attempt {
  readonly key: string;
  readonly value: unknown;
}

function attemptsAt(key: string, { examples = [] }: { readonly examples?: readonly unknown[] }): Attempt[] {
  const refused = Object.hasOwn(REFUSED, key) ? [REFUSED[key]] : [];
  return [WRONG, ...refused, ...examples].map((value) => ({ key, value }));
}

interface Complaint {
  readonly code: string;
  readonly message: string;
}

/** Asks the product: a file for each value, one call for all. */
function complaintsAbout(attempts: readonly Attempt[]): readonly (readonly Complaint[])[] {
  const path = (index: number): string => `definitions/A${index}.yaml`;
  const files = attempts.map(({ key, value }, index) => [path(index), `${yaml({ job: { ...(BODIES.includes(key) ? {} : { scriptBlock: 'true' }), [key]: value } })}\n`]);
  const scripts = attempts.flatMap(({ key, value }) => (key === 'filePath' && typeof value === 'string' && value !== REFUSED['filePath'] ? [[`definitions/${value}`, '']] : []));
  const answer = printed({ files: Object.fromEntries([...files, ...scripts, ['package.json', '{}']]) as Record<string, string>, line: 'nightshift validate -o json 2>/dev/null' });
  const { files: checked } = JSON.parse(answer) as { readonly files: readonly { readonly file: string; readonly errors: Complaint[]; readonly warnings: Complaint[] }[] };
  return attempts.map((_, index) => checked.filter(({ file }) => file === path(index)).flatMap(({ errors, warnings }) => [...errors, ...warnings]));
}

function answerOf(complaints: readonly Complaint[]): Answer {
  const codes = [...new Set(complaints.map(({ code: one }) => one))].toSorted();
  return { codes, isForLater: complaints.some(({ message }) => message.endsWith('is not supported by this version')) };
}
