/**
 * The process that a plugin runs in: one plugin, one process, and nothing of it in any other of ours. It is asked by lines of
 * JSON over a channel of its own, so that what the plugin prints is no message. Source: S14.
 */
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { isJobError, type JobTypePlugin } from '@nightshift/sdk';
import { lineCutter, LONGEST_MESSAGE } from '../lines.ts';
import type { Answer, Call, Fault, Question } from '../messages.ts';
import { FILES, answerCall, describePlugin, plain, sourceOf, typeOf } from './answer-call.ts';
import { importPlugin, thrown } from './import-plugin.ts';

const CHANNEL = 3;
const LIFELINE = 4;

/** Ends this process group when the one that asks is gone: also where the plugin never lets go of its thread. */
const END_WITH_THE_ASKER = `new (require('node:net').Socket)({ fd: ${LIFELINE} }).on('error', () => {}).on('close', () => process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL')).resume()`;
new Worker(END_WITH_THE_ASKER, { eval: true, stdin: false }).unref();

// Kept before a plugin can put something else in their place.
const { stringify, parse } = JSON;
const channel = new Socket({ fd: CHANNEL, readable: true, writable: true });
let plugin: JobTypePlugin | undefined;

channel.on('data', lineCutter((line) => void hear(parse(line) as Question), () => process.exit(1)));
channel.on('end', () => process.exit(0));
channel.on('error', () => process.exit(0));

async function hear(question: Question): Promise<void> {
  const { id, ask } = question;
  try {
    if (ask.call === 'list' || ask.call === 'watch') await tellAll(id, ask);
    else say({ id, value: (await answer(ask)) ?? null });
  } catch (cause) {
    say({ id, error: faultOf(cause) });
  }
}

async function answer(ask: Exclude<Call, { readonly call: 'list' | 'watch' }>): Promise<unknown> {
  if (ask.call === 'load') return describePlugin((plugin = await importPlugin(ask.place)));
  return answerCall(loaded(), ask);
}

/** One message each: together they may be longer than a message can be, or never end. */
async function tellAll(id: number, { call, type, path }: Extract<Call, { readonly call: 'list' | 'watch' }>): Promise<void> {
  const source = sourceOf(typeOf(loaded(), type));
  const all: AsyncIterable<unknown> | undefined = call === 'list' ? source.list(path, FILES) : source.watch?.(path, new AbortController().signal);
  for await (const found of all ?? []) say({ id, item: plain(found) });
  say({ id, value: null });
}

function loaded(): JobTypePlugin {
  if (plugin === undefined) throw new Error('nothing is loaded yet');
  return plugin;
}

function say(message: Answer): void {
  channel.write(`${textOf(message)}\n`);
}

function textOf(message: Answer): string {
  const { id } = message;
  const tell = (text: string): string => stringify({ id, error: { code: 'PluginMessageInvalid', message: text } } satisfies Answer);
  try {
    const text = stringify(message);
    const length = Buffer.byteLength(text);
    return length <= LONGEST_MESSAGE ? text : tell(`the answer has ${length} bytes, at most ${LONGEST_MESSAGE} are taken`);
  } catch (cause) {
    return tell(`the answer cannot be written as JSON: ${thrown(cause).split('\n')[0]}`);
  }
}

function faultOf(cause: unknown): Fault {
  if (!isJobError(cause)) return { message: thrown(cause) };
  const { code, message, hint, path } = cause;
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(path === undefined ? {} : { path: path.filter((one) => typeof one !== 'symbol') }) };
}
