import { isJobError, JobError } from '@nightshift/sdk';

/** Of a server that keeps nothing through a power cut. */
export function acceptsLoss(): JobError {
  return new JobError({
    code: 'StoreUnavailable',
    message: 'the PostgreSQL server runs with fsync=off: it may lose jobs that it has acknowledged',
    hint: 'switch fsync on, or, for tests alone, set acceptDataLoss: true in the engine\'s options',
  });
}

/** The text is not repeated: it may hold a password. */
export function noAddress(): JobError {
  return new JobError({ code: 'DefinitionValueInvalid', message: '"engine.connection" is not the address of a PostgreSQL server', hint: 'what it refers to reads postgresql://user:password@host:5432/database' });
}

/** Written by a later version. */
export function newerSchema(schema: string, found: number, known: number): JobError {
  return new JobError({
    code: 'StoreVersionNotSupported',
    message: `the schema "${schema}" has version ${found}; this version of Nightshift knows versions up to ${known}`,
    hint: 'install the newer version of Nightshift that wrote it',
  });
}

/** Somebody else keeps tables there, or has changed ours. */
export function foreignSchema(schema: string, cause: unknown): JobError {
  return new JobError({ code: 'StoreUnavailable', message: `the schema "${schema}" holds what is not Nightshift's: ${detailOf(cause)}`, hint: 'name another one with "schema" in the engine\'s options' }, { cause });
}

/** The parent takes no child (any more). */
export function takesNoChildren(parentInstanceId: string, why: string): JobError {
  return new JobError({ code: 'InvalidJobState', message: `the job ${parentInstanceId} ${why}: no job can join it as its child` });
}

/** Only the whole family may be said twice. */
export function idTaken(instanceId: string): JobError {
  return new JobError({ code: 'InvalidJobState', message: `another job has the instance id ${instanceId} already` });
}

/** What had been acknowledged is not to be had. */
export function outputLost(what: string, cause?: unknown): JobError {
  const detail = cause === undefined ? '' : `: ${detailOf(cause)}`;
  return new JobError({ code: 'InputOutputError', message: `output that was stored cannot be read (${what})${detail}` }, { cause });
}

const LOST = new Set(['25P03', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES', '57P01', '57P02', '57P03', '08000', '08001', '08003', '08004', '08006']);
const LOST_TEXT = /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after)/i;

/** Whether the server went away, or was never there. */
export function isLostConnection(cause: unknown): boolean {
  return LOST.has(codeOf(cause)) || (cause instanceof Error && LOST_TEXT.test(cause.message)) || (cause instanceof AggregateError && cause.errors.some(isLostConnection));
}

/** Whether two transactions were in each other's way, and this one was asked to begin anew. */
export function isConflict(cause: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(cause));
}

/** Whether a prepared statement is not what it was: gone, made by another, or its table has another shape since. Nothing was done. */
export function isUnprepared(cause: unknown): boolean {
  return ['26000', '42P05'].includes(codeOf(cause)) || (codeOf(cause) === '0A000' && cause instanceof Error && cause.message.includes('cached plan'));
}

/** Whether the partition for a row is not there: made ahead by nobody, or dropped since. */
export function isWithoutPartition(cause: unknown): boolean {
  return codeOf(cause) === '23514' && cause instanceof Error && cause.message.includes('no partition');
}

/** Whether somebody else has a lock that was not worth waiting for. */
export function isLockTaken(cause: unknown): boolean {
  return codeOf(cause) === '55P03';
}

/** Whether something of that name is there that is not what it should be. */
export function isInTheWay(cause: unknown): boolean {
  return ['42P07', '42710', '42723', '42703', '42P01'].includes(codeOf(cause));
}

/** Whether a row with this key is there. */
export function isDuplicate(cause: unknown): boolean {
  return codeOf(cause) === '23505';
}

/** By their codes; the driver's own complaints have none, and are known by their words. */
const BY_CLASS: readonly (readonly [RegExp, code: string, text: string, hint?: string])[] = [
  [/^53100$/, 'StoreFull', 'the disk of the PostgreSQL server is full'],
  [/^(?:58030|XX00[12])$/, 'InputOutputError', 'the PostgreSQL server cannot read or write its files'],
  [/^(?:28...|3D000|42501)$/, 'StoreUnavailable', 'the PostgreSQL server does not let us in', 'look at "connection" in the engine\'s options'],
  [/^25006$/, 'StoreUnavailable', 'the PostgreSQL server takes no changes', 'is it a standby?'],
  [/^53...$/, 'StoreUnavailable', 'the PostgreSQL server has no room for another connection'],
  [/^57P0.$/, 'StoreUnavailable', 'the PostgreSQL server is going down or coming up'],
  [/^SASL:/, 'StoreUnavailable', 'the PostgreSQL server does not let us in', 'is there a password in "connection" of the engine\'s options?'],
  [/^(?:The server does not support SSL|There was an error establishing an SSL|EPROTO$|ERR_(?:TLS|SSL)_|CERT_|UNABLE_TO_|(?:SELF|DEPTH_ZERO)_.*CERT)/, 'StoreUnavailable', 'there is no safe connection to the PostgreSQL server', 'look at sslmode and sslrootcert in "connection" of the engine\'s options, and at the certificate of the server'],
];

/** As users are told it, without anything of the connection text; what is a mistake of ours stays what it is. */
export function worded(cause: unknown): unknown {
  if (isJobError(cause)) return cause;
  if (codeOf(cause) === 'ERR_INVALID_URL') return noAddress();
  const known = BY_CLASS.find(([pattern]) => pattern.test(codeOf(cause) || detailOf(cause)));
  if (known !== undefined) return new JobError({ code: known[1], message: `${known[2]}: ${detailOf(cause)}`, ...(known[3] === undefined ? {} : { hint: known[3] }) }, { cause });
  if (!isLostConnection(cause)) return cause;
  return new JobError({ code: 'StoreUnavailable', message: `the PostgreSQL server cannot be reached: ${detailOf(cause)}`, hint: 'look at "connection" in the engine\'s options, and whether the server runs' }, { cause });
}

function codeOf(cause: unknown): string {
  return String((cause as { readonly code?: unknown } | null | undefined)?.code ?? '');
}

function detailOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(detailOf).join(', ');
  return cause instanceof Error ? cause.message : String(cause);
}
