/** The dashboard as a whole: token, survey, application, addresses. Ends with its signal. */
import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';
import { createDueBook } from './answers/due-ahead.ts';
import { createSystemLooks } from './answers/system.ts';
import { createWrites } from './answers/writes.ts';
import { createApp } from './app.ts';
import type { Desk } from './desk.ts';
import { openAudit, userName, type Audit } from './door/audit.ts';
import { admit, type Doorkeeper, type Passed } from './door/gate.ts';
import { hostNames, isLoopback, LOOPBACK } from './door/hosts.ts';
import { createLogins, type Logins } from './door/logins.ts';
import { Refusal } from './door/refusal.ts';
import { createSessions, type Session, type Sessions } from './door/sessions.ts';
import { openToken, type Token } from './door/token.ts';
import { anchor, createFeed } from './feed.ts';
import { listen, type Listening } from './listen.ts';
import { openPages } from './pages.ts';

export interface DashboardRequest {
  readonly host: Host;
  readonly version: string;
  /** 0: any that is free. */
  readonly port: number;
  /** An address in place of 127.0.0.1 and ::1. */
  readonly bind: string | undefined;
  /** PEM. Needed for an address that others can reach. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** False: everything but looking is refused. */
  readonly writes: boolean;
  /** The folder of the pages. */
  readonly pages: string;
  /** Told of what goes wrong and is nobody's question. */
  readonly warn: (cause: unknown) => void;
  readonly ready: (facts: DashboardFacts) => void;
  /** A browser was let in from there: the address for the next one. */
  readonly letIn: (next: NextLogin) => void;
}

export interface NextLogin {
  readonly from: string;
  /** Good for one login. */
  readonly loginUrl: string;
}

/** What whoever has started it must know. */
export interface DashboardFacts {
  /** Good for one login. */
  readonly loginUrl: string;
  readonly url: string;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly tokenFile: string;
  readonly auditFile: string;
}

/**
 * Answers until the signal fires; event streams are told so, and every connection is over when it returns. Throws `BindRefused` for an
 * address that others can reach without TLS, `PortInUse`, `StoreUnavailable` for a file of the token that others can read, and
 * what is wrong with the configuration.
 */
export async function serveDashboard(request: DashboardRequest, signal: AbortSignal): Promise<void> {
  const { host, bind, tls, port: wanted, version, writes, warn } = request;
  refuseOpen(request);
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const survey = await host.survey(ending.signal);
  const folder = join(survey.state, 'dashboard');
  const token = openToken(folder);
  const audit = openAudit(join(folder, 'audit.jsonl'), survey.clock);
  let listening: Listening | undefined;
  try {
    const desk: Desk = { host, survey, version, writes, csrf: token.csrf, warn };
    const [logins, sessions] = [createLogins(survey.clock), createSessions()];
    const feed = createFeed(desk);
    const keeper: { current: Doorkeeper | undefined } = { current: undefined };
    const app = createApp({
      desk,
      feed,
      book: createDueBook(desk),
      looks: createSystemLooks(desk),
      writes: createWrites(desk, audit),
      pages: openPages(request.pages),
      session: { project: survey.project, timeZone: survey.timeZone, user: userName(), hostName: hostname() },
      login(word, asker, before) {
        const isGood = logins.redeem(word);
        // Who knocks without end fills no file.
        if (isGood !== undefined) audit.note({ act: 'login', phase: isGood ? 'done' : 'refused', ...asker });
        if (isGood !== true) return undefined;
        if (before !== undefined) sessions.end(before);
        request.letIn({ from: asker.from, loginUrl: loginUrlOf(listening as Listening, keeper.current as Doorkeeper, logins) });
        return cookieOf(keeper.current as Doorkeeper, sessions.open());
      },
    });
    listening = await listen({ addresses: bind === undefined ? LOOPBACK : [bind], port: wanted, tls, admit: (incoming) => passedBy(incoming, keeper.current), answer: app, failed: warn });
    keeper.current = keeperOf(listening, tls !== undefined, token, sessions);
    void survey.definitions.loaded.then(() => anchor(desk)).catch(warn);
    request.ready(factsOf(listening, keeper.current, logins, token, audit));
    await feed.run(ending.signal);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await listening?.close(survey.clock.sleep(PATIENCE));
    audit.close();
  }
}

/** Milliseconds in which the last words of an event stream arrive. */
const PATIENCE = 500;

/** Before the port is known nobody is admitted. */
function passedBy({ method = '', url = '', rawHeaders }: IncomingMessage, keeper: Doorkeeper | undefined): Passed {
  if (keeper === undefined) throw new Refusal(503, 'the dashboard is being started');
  return admit({ method, url, rawHeaders }, keeper);
}

/** Source: security specification S19. A token that goes over a network in the clear is everybody's. */
function refuseOpen({ bind, tls }: DashboardRequest): void {
  if (bind === undefined || isLoopback(bind) || tls !== undefined) return;
  throw new JobError({ code: 'BindRefused', message: `${bind} can be reached by others, and without TLS they could read the token`, hint: `give --certificate and --key, or look from elsewhere through ssh -L` });
}

/** The name holds the port, for a browser has one set of cookies for all ports: two dashboards would take each other's. */
function keeperOf({ addresses, port }: Listening, isSecure: boolean, token: Token, sessions: Sessions): Doorkeeper {
  const scheme = isSecure ? 'https' : 'http';
  return { hosts: hostNames(addresses, port, scheme), scheme, cookieName: `nightshift_${port}`, isToken: (word) => token.is(word), sessionOf: (cookie) => sessions.find(cookie) };
}

/** Of this browser alone, for as long as it runs, and for nobody else's pages. */
function cookieOf({ cookieName, scheme }: Doorkeeper, { cookie }: Session): string {
  return `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict${scheme === 'https' ? '; Secure' : ''}`;
}

function factsOf(listening: Listening, keeper: Doorkeeper, logins: Logins, token: Token, audit: Audit): DashboardFacts {
  const { addresses, port } = listening;
  return { url: urlOf(listening, keeper), loginUrl: loginUrlOf(listening, keeper, logins), port, addresses, tokenFile: token.file, auditFile: audit.file };
}

function loginUrlOf(listening: Listening, keeper: Doorkeeper, logins: Logins): string {
  return `${urlOf(listening, keeper)}login/${logins.issue()}`;
}

function urlOf({ addresses, port }: Listening, { scheme }: Doorkeeper): string {
  const [address = ''] = addresses;
  const name = address === '0.0.0.0' || address === '::' ? hostname() : address.includes(':') ? `[${address}]` : address;
  return `${scheme}://${name}:${port}/`;
}
