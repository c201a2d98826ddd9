import { LIMITS } from '../../packages/definitions/src/limits.ts';
import { DEFINITION_KEYS, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule } from '../../packages/definitions/src/definition-keys.ts';
import { CONFIG_KEYS, KEYS_THAT_NEED_TRUST } from '../../packages/host/src/config/config-keys.ts';
import { HOOK_RETRY_KEYS, HOOKS_KEYS, MISSED_HOOK_KEYS } from '../../packages/host/src/config/hook-keys.ts';
import { CRON_FIELDS, type CronField } from '../../packages/scheduler/src/schedules/cron-fields.ts';
import { NAME_PATTERN } from '../../packages/sdk/src/index.ts';
import { jobTable } from './job-keys.ts';
import { keyTable, mapTable } from './key-table.ts';
import { code, fence, GENERATED, page, prose, table } from './markdown.ts';
import { clockChangeTable, cronTable, durationTable, ZONE } from './time-tables.ts';
import { yaml } from './yaml.ts';

/** `docs/reference/definition.md`, from the tables of keys and from what the product computes. */
export function definitionPage(): string {
  return page(
    '# Definitions',
    GENERATED,
    INTRODUCTION,
    fence('yaml', EXAMPLE),
    WHO_FIRES,
    '## Keys of a file',
    keyTable(DEFINITION_KEYS),
    '## job',
    JOB,
    jobTable(),
    '## Triggers',
    TRIGGERS,
    keyTable(TRIGGER_KEYS),
    ...Object.entries(TRIGGER_KINDS).flatMap(([name, kind]) => triggerKind(name, kind)),
    '## Options',
    OPTIONS,
    keyTable(OPTION_KEYS),
    ...['catchUp', 'retry'].flatMap((name) => [`### ${name}`, mapTable(OPTION_KEYS[name] as KeyRule)]),
    '## Cron expressions',
    CRON,
    table(['field', 'numbers', 'names', 'also'], CRON_FIELDS.map(cronField)),
    cronTable(),
    '## Durations',
    DURATIONS,
    durationTable(),
    '## Time zones',
    ZONES,
    clockChangeTable(),
    '## Names',
    NAMES,
    '## Limits',
    LIMITS_TEXT,
    table(['of', 'at most'], LIMIT_NAMES.map(([key, name]) => [name, LIMITS[key].toLocaleString('en')])),
    '## Configuration',
    CONFIGURATION,
    keyTable(CONFIG_KEYS),
    '### retention',
    mapTable(CONFIG_KEYS['retention'] as KeyRule),
    `${listed(KEYS_THAT_NEED_TRUST)} count only in your own file, in one that you name, and in a project that you have trusted (\`nightshift trust\`). What \`engine\` may say besides \`name\` is in the [page of the engine](../../plugins/engine-pgboss/README.md).`,
    '### hooks',
    'Whom the scheduler tells of what ([Telling people](../guide/scheduler.md#telling-people)):',
    keyTable(HOOKS_KEYS),
    'The keys of an entry, which has exactly one of `webhook` and `definition`; `within` belongs to `onMissed`:',
    keyTable(MISSED_HOOK_KEYS),
    'The keys of its `retry`:',
    keyTable(HOOK_RETRY_KEYS),
  );
}

const INTRODUCTION = `A definition is a file that says what to run, when, and how. Its name is the name of the file without the ending: \`definitions/Nightly.yaml\` defines \`Nightly\`. YAML 1.2 and JSON are read (\`.yaml\`, \`.yml\`, \`.json\`), each file holding one definition. \`nightshift validate\` says everything that is wrong with one, with line and column; \`start-job --definition-name Nightly\` starts it now, whatever its triggers say. Editors complete and check it by [its JSON Schema](../../packages/cli/scheduled-job.schema.json), which a first line \`# yaml-language-server: $schema=PATH\` names.`;

/** With every kind of trigger; a test validates it. */
export const EXAMPLE = `description: Nightly snapshot of this project
job:
  command: [node, scripts/snapshot.mjs, --verify]
  workingDirectory: ..
  environment: { KEEP: 7 }
timeZone: Europe/Berlin
triggers:
  - daily: { at: "03:00", randomDelay: 15m }
  - weekly: { at: "23:00", daysOfWeek: [Monday, Friday] }
  - once: { at: 2040-12-24T18:00, repetitionInterval: 1h, repetitionDuration: 2d }
  - atStartup: { randomDelay: 5m }
  - atLogOn: {}
  - cron: "*/15 8-18 * * 1-5"
  - every: 10m
    enabled: false
options:
  multipleInstancePolicy: Queue
  catchUp: { policy: latest, window: 12h }
  timeout: 30m
  retry: { limit: 2, delay: 1m }
maxResultCount: 12
`;

const WHO_FIRES = `Triggers and options are for the [scheduler](../guide/scheduler.md). A definition that is started by name uses what stands under \`job\` and nothing else.`;

const JOB = `What stands under \`job\` belongs to a job type: \`job.type\`, which is BackgroundJob when it is absent. These are the keys of a BackgroundJob. Exactly one of \`command\`, \`scriptBlock\` and \`filePath\` says what to run. Relative paths begin at the folder of the file, and none may leave the project: the nearest folder above that holds \`.git\` or \`package.json\`. Text is taken as it stands: there are no templates.`;

const TRIGGERS = `Each entry of \`triggers\` has exactly one kind, and may have the keys of this table beside it. Values that make no sense together, such as a repetition that is longer than its duration, are [TriggerInvalid](errors.md#triggerinvalid).`;

const OPTIONS = `Each option may be written as PowerShell's parameter as well (\`requireNetwork\` for \`runWithoutNetwork: false\`), but not in both ways.`;

const CRON = `Five fields (minute, hour, day of month, month, day of week), or six with the seconds first; or one of \`@yearly\`, \`@annually\`, \`@monthly\`, \`@weekly\`, \`@daily\`, \`@midnight\`, \`@hourly\`. A field holds \`*\` or \`?\` (everything), numbers or names, ranges \`8-18\` that may wrap around the end (\`22-2\`, \`fri-mon\`), steps \`*/15\` and \`8-18/2\`, and lists of all these, separated by commas. Upper and lower case do not matter. When both day fields say something, a day is due if either fits, as in every cron; \`dayMatch: and\` beside the expression asks for both. An expression that begins with \`*\` or \`@\` must be quoted in YAML.`;

const DURATIONS = `A number with a unit, or a sum of them: \`ms\`, \`s\`, \`m\` (minutes), \`h\`, \`d\` (24 hours), \`w\`. ISO 8601 is read too. A number without a unit, but for \`0\`, and a negative one are refused.`;

const ZONES = `Times of day are read in an IANA time zone: that of the trigger, else of the file, of the configuration, of the machine. Offsets and abbreviations such as \`CET\` are refused; \`UTC\` is a name. Twice a year a local time does not exist, or exists twice. A fixed time that does not exist is due at the first instant after the gap, one that exists twice the first time only: that holds for \`once\`, \`daily\`, \`weekly\`, and a cron expression whose minute and hour fields hold no \`*\` and no \`?\`. Everything else counts what has really passed. In ${ZONE}:`;

const NAMES = `A definition, a namespace and a job type have names that match ${code(NAME_PATTERN)}, without \`..\`, without a dot at the end, and none that Windows or JavaScript reserves (\`con\`, \`constructor\`). Upper and lower case do not count: two files whose names differ in it only are a conflict.`;

const LIMITS_TEXT = `A file is UTF-8 and holds one document: no tags beyond the core ones, no merge keys, no duplicate keys, no control characters. It must be yours or root's and must not be writable by others. And there are limits:`;

const LIMIT_NAMES: readonly (readonly [key: keyof typeof LIMITS, name: string])[] = [
  ['bytes', 'bytes of a file'],
  ['depth', 'maps and lists inside one another'],
  ['nodes', 'keys, values, maps and lists of a file'],
  ['keysOfMap', 'keys of one map'],
  ['aliases', 'aliases of a file'],
  ['definitions', 'definitions of a folder'],
];

const CONFIGURATION = `A project needs none. It is read from \`nightshift.yaml\`, \`nightshift.yml\`, \`nightshift.json\`, \`.nightshiftrc\` or the key \`nightshift\` of \`package.json\`, in the current folder or above it up to the project's root; else from \`~/.config/nightshift/config.yaml\`. \`--config FILE\` and \`NIGHTSHIFT_CONFIG\` name one.`;

function triggerKind(name: string, kind: KeyRule): string[] {
  return [`### ${name}`, prose(kind.description), fence('yaml', `triggers:\n  - ${name}: ${yaml(kind.example)}`), mapTable(kind)];
}

const CRON_TOKENS: Readonly<Record<string, string>> = {
  'day-of-month': '`L` the last day, `L-3` three days before it, `15W` the weekday nearest to the 15th, `LW` the last weekday',
  'day-of-week': '0 and 7 are Sunday; `mon#1` the first Monday of the month, `friL` its last Friday',
};

function cronField({ name, min, max, names }: CronField): string[] {
  const short = [...(names?.keys() ?? [])].filter((word) => word.length === 3);
  return [name.replaceAll('-', ' '), `${min}-${max}`, short.length === 0 ? '' : `${code(short[0] as string)} to ${code(short.at(-1) as string)}, or in full`, CRON_TOKENS[name] ?? ''];
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).map(code).join(', ')} and ${code(names.at(-1) as string)}`;
}
