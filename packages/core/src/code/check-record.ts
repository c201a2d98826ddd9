import { JobError, type ErrorRecord, type InformationRecord, type ProgressRecord, type StreamName, type StreamRecords } from '@nightshift/sdk';
import type { OutgoingRecord } from '../ports/code-run.ts';
import { pluginMessageInvalid, type Callee } from './plugin-calls.ts';

/** Bytes of one record as JSON. Source: security.md S14. */
export const LONGEST_RECORD = 1_048_576;
/** Bytes of one checkpoint as JSON. */
export const LONGEST_CHECKPOINT = 16_777_216;

// Before a plugin is loaded: what it does to the prototypes and globals of its process must not change what we write.
const { stringify } = JSON;
const { isArray } = Array;
const { isFinite } = Number;

/** Checks and copies a record. Throws `PluginMessageInvalid` for a wrong shape or too many bytes, `RecordNotSerializable` for what JSON cannot hold. */
export function checkRecord<N extends StreamName>(callee: Callee, stream: N, record: unknown): OutgoingRecord<N> {
  const value = SHAPES[stream](record, (what) => pluginMessageInvalid(callee, `wrote a record of the stream ${stream} that ${what}`));
  const json = jsonOf(callee, `a record of the stream ${stream}`, value, LONGEST_RECORD);
  return { stream, value: value as StreamRecords[N], json };
}

/** The same for a checkpoint. */
export function checkCheckpoint(callee: Callee, value: unknown): string {
  return jsonOf(callee, 'a checkpoint', value, LONGEST_CHECKPOINT);
}

function jsonOf({ plugin, type }: Callee, what: string, value: unknown, longest: number): string {
  const refused = (why: string): JobError => new JobError({ code: 'RecordNotSerializable', message: `'${plugin}': ${type} wrote ${what} that is no JSON value: ${why}` });
  let text: string | undefined;
  try {
    text = stringify(value, (key, member: unknown) => {
      const why = notInJson(member);
      if (why !== undefined) throw new Error(key === '' ? why : `${key}: ${why}`);
      return member;
    });
  } catch (cause) {
    throw refused(whyOf(cause));
  }
  if (text === undefined) throw refused('it is undefined');
  const bytes = Buffer.byteLength(text);
  if (bytes > longest) throw pluginMessageInvalid({ plugin, type }, `wrote ${what} of ${bytes} bytes; the most is ${longest}`);
  return text;
}

/** JSON would leave these out, or change them, without a word. */
function notInJson(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return `it is a ${typeof value}`;
  if (typeof value === 'number' && !isFinite(value)) return `it is ${value}`;
  if (value instanceof Map || value instanceof Set || value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise) return `it is a ${Object.prototype.toString.call(value).slice(8, -1)}`;
  return undefined;
}

function whyOf(cause: unknown): string {
  if (cause instanceof RangeError) return 'it is nested too deeply';
  if (cause instanceof TypeError && /circular/i.test(cause.message)) return 'it refers to itself';
  return cause instanceof Error ? cause.message : 'it cannot be read';
}

type Refuse = (what: string) => JobError;

/** Each copies what belongs to its record, so that nothing of the plugin's own is read twice. */
const SHAPES: { readonly [N in StreamName]: (record: unknown, refuse: Refuse) => unknown } = {
  output: (record) => record,
  error: errorRecord,
  warning: text,
  verbose: text,
  debug: text,
  information: informationRecord,
  progress: progressRecord,
};

function text(record: unknown, refuse: Refuse): string {
  if (typeof record !== 'string') throw refuse('is no text');
  return record;
}

function errorRecord(record: unknown, refuse: Refuse): ErrorRecord {
  const { message, code, stack, terminating } = members(record, refuse);
  if (typeof message !== 'string') throw refuse('has no text "message"');
  return { message, ...optional('code', code, 'string', refuse), ...optional('stack', stack, 'string', refuse), ...optional('terminating', terminating, 'boolean', refuse) };
}

function informationRecord(record: unknown, refuse: Refuse): InformationRecord {
  const { message, tags } = members(record, refuse);
  if (message === undefined) throw refuse('has no "message"');
  if (tags === undefined) return { message };
  if (!isArray(tags) || !tags.every((tag) => typeof tag === 'string')) throw refuse('has "tags" that are no list of texts');
  return { message, tags: [...(tags as readonly string[])] };
}

function progressRecord(record: unknown, refuse: Refuse): ProgressRecord {
  const { activity, status, percent, completed } = members(record, refuse);
  if (typeof activity !== 'string') throw refuse('has no text "activity"');
  if (percent !== undefined && !(typeof percent === 'number' && percent >= 0 && percent <= 100)) throw refuse('has a "percent" that is not 0 to 100');
  return { activity, ...optional('status', status, 'string', refuse), ...(percent === undefined ? {} : { percent }), ...optional('completed', completed, 'boolean', refuse) };
}

function members(record: unknown, refuse: Refuse): Readonly<Record<string, unknown>> {
  if (typeof record !== 'object' || record === null) throw refuse('is no object');
  return record as Readonly<Record<string, unknown>>;
}

function optional<K extends string, T>(key: K, value: T, type: 'string' | 'boolean', refuse: Refuse): { readonly [P in K]?: never } {
  if (value !== undefined && typeof value !== type) throw refuse(`has a "${key}" that is no ${type === 'string' ? 'text' : 'truth value'}`);
  return (value === undefined ? {} : { [key]: value }) as unknown as { readonly [P in K]?: never };
}
