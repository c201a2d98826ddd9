import { AwsClient } from 'aws4fetch';
import { JobError } from '@nightshift/sdk';
import { outputLost } from '../errors.ts';
import type { S3Options } from '../options.ts';
import { checkKey, type ObjectStore } from './object-store.ts';

/** Milliseconds for one request. */
const PATIENCE = 60_000;
/** Further tries of a request that failed for reasons of the server. */
const RETRIES = 4;

/** Objects in a bucket behind the protocol of S3: Amazon's, MinIO, Ceph, Garage and others. Keys begin with `nightshift/`. */
export function s3Store({ endpoint, bucket, region, accessKey, secretKey }: S3Options): ObjectStore {
  const client = new AwsClient({ accessKeyId: accessKey, secretAccessKey: secretKey, region, service: 's3', retries: RETRIES, initRetryMs: 100 });
  // The bucket in the path: a name of its own needs a certificate of its own.
  const root = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`;
  const urlOf = (key: string): string => `${root}/${PREFIX}${checkKey(key)}`;

  async function ask(url: string, request: RequestInit): Promise<Response> {
    try {
      return await client.fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE) });
    } catch (cause) {
      throw unreachable(endpoint, cause);
    }
  }

  async function removeOne(url: string): Promise<void> {
    const response = await ask(url, { method: 'DELETE' });
    await response.body?.cancel();
    if (!response.ok && response.status !== 404) throw refused(bucket, 'deletes nothing', response.status);
  }

  async function keysBelow(prefix: string): Promise<readonly string[]> {
    const response = await ask(`${root}?list-type=2&prefix=${encodeURIComponent(prefix)}`, { method: 'GET' });
    const text = await response.text();
    if (!response.ok) throw refused(bucket, 'lists nothing', response.status, text);
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key as string);
  }

  return {
    async put(key, bytes) {
      const response = await ask(urlOf(key), { method: 'PUT', body: bytes as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/octet-stream' } });
      const text = await response.text();
      if (!response.ok) throw refused(bucket, 'takes no output', response.status, text);
    },
    async get(key, offset, length) {
      const response = await ask(urlOf(key), { method: 'GET', headers: { range: `bytes=${offset}-${offset + length - 1}` } });
      const body = new Uint8Array(await response.arrayBuffer());
      if (!response.ok) throw outputLost(`${key}: the bucket answers with ${response.status}`);
      // A server that knows no ranges sends everything.
      const part = response.status === 206 ? body : body.subarray(offset, offset + length);
      if (part.length < length) throw outputLost(`${key}: ${length - part.length} bytes are missing`);
      return part;
    },
    async remove(key) {
      if (!key.endsWith('/')) return removeOne(urlOf(key));
      // A thousand at a time.
      for (let keys = await keysBelow(PREFIX + checkKey(key)); keys.length > 0; keys = await keysBelow(PREFIX + checkKey(key))) {
        for (const one of keys) await removeOne(`${root}/${one}`);
      }
    },
  };
}

const PREFIX = 'nightshift/';

/** What the server says of it, without the request: that holds a signature. */
function refused(bucket: string, what: string, status: number, text = ''): JobError {
  const [, code = ''] = /<Code>([^<]{1,80})<\/Code>/.exec(text) ?? [];
  return new JobError({ code: 'StoreUnavailable', message: `the bucket "${bucket}" ${what}: ${[status, code].join(' ').trim()}`, hint: 'look at "output" in the engine\'s options' });
}

function unreachable(endpoint: string, cause: unknown): JobError {
  const { message, cause: deeper } = cause as Error;
  return new JobError({ code: 'StoreUnavailable', message: `the output store at ${endpoint} cannot be reached: ${deeper instanceof Error ? deeper.message : message}` }, { cause });
}
