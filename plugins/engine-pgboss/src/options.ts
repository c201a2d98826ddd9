import { SpecPart, type SpecIssue, type SpecSchema } from '@nightshift/sdk';

/** What `engine:` says besides `name`, after validation. Times are milliseconds. */
export interface PgbossOptions {
  /** `postgresql://user:password@host:port/database`. In the configuration a reference; the text by the time it is used. */
  readonly connection: string;
  /** Default `nightshift`. */
  readonly schema: string;
  /** Where large output goes. Default: into the database. */
  readonly output?: { readonly folder: string } | { readonly s3: S3Options };
  /** How long a worker may be silent before its runs are somebody else's. Default 10 s. */
  readonly lease: number;
  /** `durable`: what people start on demand goes through the engine too. Default `session`. */
  readonly demand: 'durable' | 'session';
  /** Days after which runs and firings go. Default 400. */
  readonly keepDays: number;
  /** Takes a server that may lose what it has acknowledged: for tests. Default false. */
  readonly acceptDataLoss: boolean;
  /** How long an active entry is good for before its run is handed over to a fresh one, at the latest. Only for tests: no key of the configuration. Default 24 h. */
  readonly entryLimit?: number;
}

/** A bucket behind the protocol of S3. */
export interface S3Options {
  /** Such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Default `us-east-1`. */
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const KEYS = ['name', 'connection', 'schema', 'output', 'lease', 'demand', 'keepDays', 'acceptDataLoss'] as const;
const S3_KEYS = ['endpoint', 'bucket', 'region', 'accessKey', 'secretKey'] as const;
const SHORTEST_LEASE = 2_000;
const PLAIN_NAME = /^[a-z_][a-z0-9_]{0,40}$/;

/** Messages never repeat a value: it may be a secret. */
export const optionsSchema: SpecSchema<PgbossOptions> = {
  '~standard': {
    version: 1,
    vendor: 'nightshift',
    validate(value) {
      const issues: SpecIssue[] = [];
      const parts = new SpecPart(value, issues).members('the engine pgboss', KEYS);
      if (parts['connection'] === undefined) issues.push({ message: '"engine.connection" is missing', code: 'DefinitionKeyMissing', hint: 'write connection: env:NIGHTSHIFT_DATABASE, and put postgresql://… into that variable' });
      const options = readOptions(parts);
      return issues.length === 0 ? { value: options } : { issues: issues.map((issue) => ({ ...issue, message: issue.message.replace(/^"job(?=[."])/, '"engine') })) };
    },
  },
};

function readOptions({ connection, schema, output, lease, demand, keepDays, acceptDataLoss }: Readonly<Record<string, SpecPart>>): PgbossOptions {
  const place = output === undefined ? undefined : readOutput(output);
  return {
    connection: connection?.text() ?? '',
    schema: (schema === undefined ? undefined : plainName(schema)) ?? 'nightshift',
    lease: (lease === undefined ? undefined : leaseOf(lease)) ?? 10_000,
    demand: demand?.word(['durable', 'session']) ?? 'session',
    keepDays: keepDays?.count(1, 100_000) ?? 400,
    acceptDataLoss: acceptDataLoss?.boolean() ?? false,
    ...(place === undefined ? {} : { output: place }),
  };
}

function plainName(part: SpecPart): string | undefined {
  const { value } = part;
  return typeof value === 'string' && PLAIN_NAME.test(value) ? value : part.complain('must be a plain name: lower-case letters, digits and _, at most 41');
}

/** A number is milliseconds. */
function leaseOf(part: SpecPart): number | undefined {
  const lease = typeof part.value === 'number' ? part.value : part.duration();
  return lease === undefined || lease >= SHORTEST_LEASE ? lease : part.complain('must be at least 2s');
}

function readOutput(part: SpecPart): PgbossOptions['output'] {
  const { folder, s3, ...others } = part.members('output', ['folder', 's3']);
  if (Object.keys(others).length > 0) return undefined;
  if ((folder === undefined) === (s3 === undefined)) return part.complain('must name a folder or an s3 bucket', { hint: 'write output: { folder: /srv/nightshift } or output: { s3: { endpoint: …, bucket: … } }' });
  if (folder !== undefined) return { folder: folder.text() as string };
  const { endpoint, bucket, region, accessKey, secretKey } = (s3 as SpecPart).members('s3', S3_KEYS);
  for (const [key, member] of Object.entries({ endpoint, bucket, accessKey, secretKey })) if (member === undefined) (s3 as SpecPart).complain(`must say "${key}"`, { code: 'DefinitionKeyMissing' });
  return { s3: { endpoint: endpoint?.url() as string, bucket: bucket?.text() as string, region: region?.text() ?? 'us-east-1', accessKey: accessKey?.text() as string, secretKey: secretKey?.text() as string } };
}
