/** The text that the other computer's shell reads (remote.sh), with what it has to know of this job; and the files that follow it. */
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quoted } from '../foresee.ts';
import type { Sizes } from './books.ts';
import { OWN_FILE, type RemoteOrder, type Sent } from './order.ts';

/** Milliseconds as `sleep` takes them: no fraction where there is none, since some take whole seconds only. */
function seconds(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '-';
  return milliseconds % 1_000 === 0 ? String(milliseconds / 1_000) : (milliseconds / 1_000).toFixed(3);
}

/** In every build the scripts lie beside whatever is run: a module of this package, or the bundle. */
function script(name: 'remote.sh' | 'shim.sh'): Buffer {
  const isBundled = extname(fileURLToPath(import.meta.url)) === '.cjs';
  return readFileSync(new URL(`${isBundled ? './' : '../'}${name}`, import.meta.url));
}

/** The files of a first attempt, one after the other; their sizes are told before them. */
export interface Payload {
  readonly sizes: readonly number[];
  readonly parts: readonly Sent[];
}

export function payloadOf(order: RemoteOrder, instanceId: string): Payload {
  const parts = [inline(Buffer.from(orderText(order, instanceId))), inline(script('shim.sh')), order.file?.bytes ?? EMPTY, order.input ?? EMPTY];
  return { sizes: parts.map(sizeOf), parts };
}

const EMPTY: Sent = { base64: '' };

function inline(bytes: Buffer): Sent {
  return { base64: bytes.toString('base64') };
}

function sizeOf(sent: Sent): number {
  return 'path' in sent ? statSync(sent.path).size : Buffer.from(sent.base64, 'base64').length;
}

/** Read by the shell over there from a private file: so neither a variable nor a word of a script is seen by other users. */
function orderText({ words, environment }: RemoteOrder, instanceId: string): string {
  const [program, ...rest] = words.map((word) => (word === OWN_FILE ? '"$ns_folder/file/$ns_file"' : quoted(word))) as [string, ...string[]];
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [
    `ns_program=${program}`,
    'ns_run() {', `exec "$@" ${[program, ...rest].join(' ')} 3>>"$ns_folder/stderr"`, '}',
    'ns_export() {', ...variables, `export NIGHTSHIFT_INSTANCE_ID=${quoted(`remote-${instanceId}`)}`, '}', '',
  ].join('\n');
}

/** What begins the work there, but for its files. */
export function beginText(order: RemoteOrder, nonce: string, instanceId: string, { sizes }: Payload): string {
  return `${known(nonce, instanceId, order.file?.name)}ns_begin ${order.leaves ? 'leave' : 'follow'} ${seconds(order.timeout)} ${seconds(order.gracePeriod)} ${sizes.join(' ')}\n`;
}

/** What takes it up there, behind so many bytes. */
export function reattachText(nonce: string, instanceId: string, { stdout, stderr }: Sizes): string {
  return `${known(nonce, instanceId)}ns_reattach ${stdout} ${stderr}\n`;
}

function known(nonce: string, instanceId: string, file: string = 'none'): string {
  // Comments are for people: half of the text.
  const text = script('remote.sh').toString().replaceAll(/^#.*\n/gm, '');
  return `ns_nonce=${nonce}\nns_id=${quoted(instanceId)}\nns_file=${quoted(file)}\n${text}`;
}
