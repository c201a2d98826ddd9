import type { Host } from '@nightshift/host';
import { parse } from '../src/options/parse.ts';
import type { Surroundings, Verb } from '../src/verb.ts';

/** What a verb asks of its host: the call that it makes first. Nothing is done. */
export interface Asked {
  readonly call: string;
  readonly words: readonly unknown[];
}

class Enough extends Error {}

export async function asked(verb: Verb, ...argv: string[]): Promise<Asked> {
  let seen: Asked | undefined;
  const host = new Proxy({}, {
    get: (_, call: string) => (...words: unknown[]) => {
      seen ??= { call, words };
      throw new Enough();
    },
  }) as Host;
  const surroundings: Surroundings = { voice: { verb: verb.table.name, json: false, debug: false }, host: () => host, interrupt: () => new AbortController().signal };
  await verb.run(parse(verb.table, argv), surroundings).catch((cause: unknown) => {
    if (!(cause instanceof Enough)) throw cause;
  });
  if (seen === undefined) throw new Error(`${verb.table.name} ${argv.join(' ')} asks nothing of its host`);
  return seen;
}
