/** The application: which question has which answer. Whoever comes here has passed the door; what is written, and how, is judged here. */
import { Hono, type Context } from 'hono';
import { isJobError } from '@nightshift/sdk';
import type { ErrorFacts, Session as SessionFacts } from './api.ts';
import { answerCalendar, answerDueTimes, answerMissed } from './answers/calendar.ts';
import { answerDefinition, answerDefinitions } from './answers/definitions.ts';
import type { DueBook } from './answers/due-ahead.ts';
import { answerJobs, answerSearch } from './answers/jobs.ts';
import { answerNow } from './answers/now.ts';
import { questionOf } from './answers/question.ts';
import { answerLog, answerLogSearch, answerRawLog, answerRecords, answerRun } from './answers/run.ts';
import { answerSystem, type SystemLooks } from './answers/system.ts';
import type { Asker, Writes } from './answers/writes.ts';
import { factsOf, type Desk } from './desk.ts';
import type { Passed } from './door/gate.ts';
import { HEADERS } from './door/headers.ts';
import { Refusal, wordsOf } from './door/refusal.ts';
import type { Session } from './door/sessions.ts';
import { isSame } from './door/token.ts';
import type { Feed } from './feed.ts';
import type { Arrival } from './listen.ts';
import type { Pages } from './pages.ts';

export interface AppParts {
  readonly desk: Desk;
  readonly book: DueBook;
  readonly looks: SystemLooks;
  readonly writes: Writes;
  readonly feed: Feed;
  readonly pages: Pages;
  readonly session: Pick<SessionFacts, 'project' | 'timeZone' | 'user' | 'hostName'>;
  /** The cookie for a word that is good for one login, in place of what the browser had; undefined: it is good for nothing. */
  readonly login: (word: string, asker: Asker, before: Session | undefined) => string | undefined;
}

type Env = { Bindings: Arrival<Passed> };
type Asked = Context<Env>;

/** Source: security specification S23. */
const MOST_BYTES = 1_048_576;

export type App = (request: Request, arrival: Arrival<Passed>) => Promise<Response>;

export function createApp(parts: AppParts): App {
  const app = new Hono<Env>();
  app.use(async (context, next) => {
    if (Number(context.req.header('content-length') ?? 0) > MOST_BYTES) throw new Refusal(413, 'the body is larger than 1 MB');
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
  });
  questions(app, parts);
  logs(app, parts);
  writes(app, parts);
  entrance(app, parts);
  app.notFound((context) => failed(context, 404, new Refusal(404, 'there is nothing of this name').facts));
  app.onError((cause, context) => {
    if (cause instanceof Refusal) return failed(context, cause.status, cause.facts);
    if (isJobError(cause)) return failed(context, 500, factsOf(cause));
    parts.desk.warn(cause);
    return failed(context, 500, { code: 'InternalError', message: 'the question could not be answered; the dashboard has said why where it was started' });
  });
  return async (request, arrival) => app.fetch(request, arrival);
}

function questions(app: Hono<Env>, { desk, book, looks, session }: AppParts): void {
  const query = ({ env }: Asked): URLSearchParams => env.passed.query;
  const none = (context: Asked): void => void questionOf(query(context), []);
  app.get('/api/session', (context) => (none(context), context.json<SessionFacts>({ apiVersion: 1, version: desk.version, csrf: csrfOf(context, desk), writes: desk.writes, ...session })));
  app.get('/api/now', async (context) => (none(context), context.json(await answerNow(desk, book))));
  app.get('/api/definitions', async (context) => context.json(await answerDefinitions(desk, book, query(context))));
  app.get('/api/definitions/:namespace/:name', async (context) => (none(context), context.json(await answerDefinition(desk, context.req.param('namespace'), context.req.param('name')))));
  app.get('/api/definitions/:namespace/:name/missed', async (context) => context.json(await answerMissed(desk, context.req.param('namespace'), context.req.param('name'), query(context))));
  app.get('/api/jobs', async (context) => context.json(await answerJobs(desk, query(context))));
  app.get('/api/jobs/:job', async (context) => (none(context), context.json(await answerRun(desk, context.req.param('job')))));
  app.get('/api/jobs/:job/records', async (context) => context.json(await answerRecords(desk, context.req.param('job'), query(context))));
  app.get('/api/calendar', async (context) => context.json(await answerCalendar(desk, query(context))));
  app.get('/api/calendar/due', async (context) => context.json(await answerDueTimes(desk, book, query(context))));
  app.get('/api/system', async (context) => (none(context), context.json(await answerSystem(desk, looks))));
  app.get('/api/search', async (context) => context.json(await answerSearch(desk, query(context))));
}

function logs(app: Hono<Env>, { desk, feed }: AppParts): void {
  app.get('/api/jobs/:job/log', async (context) => context.json(await answerLog(desk, context.req.param('job'), context.env.passed.query)));
  app.get('/api/jobs/:job/log/search', async (context) => context.json(await answerLogSearch(desk, context.req.param('job'), context.env.passed.query)));
  app.get('/api/jobs/:job/log/raw', async (context) => {
    const { name, bytes } = await answerRawLog(desk, context.req.param('job'), context.env.passed.query);
    return new Response(streamOf(bytes), { headers: { 'Content-Type': 'application/octet-stream', 'Content-Disposition': `attachment; filename="${name}"` } });
  });
  app.get('/api/events', (context) => {
    const follow = questionOf(context.env.passed.query, ['follow']).number('follow', 1, Number.MAX_SAFE_INTEGER);
    return new Response(feed.listen(follow === undefined ? undefined : String(follow)), { headers: { 'Content-Type': 'text/event-stream' } });
  });
}

/** Read as fast as it is taken, and no longer than somebody takes it. */
function streamOf(bytes: (signal: AbortSignal) => AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const pieces = bytes(left.signal);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      left.abort();
      await pieces.return(undefined);
    },
  });
}

function writes(app: Hono<Env>, { desk, writes: does }: AppParts): void {
  for (const act of ['enable', 'disable'] as const) {
    app.post(`/api/definitions/:namespace/:name/${act}`, async (context) => (await emptyBody(context, desk), context.json(await does.turn(askerOf(context), context.req.param('namespace'), context.req.param('name'), act))));
  }
  app.post('/api/definitions/:namespace/:name/start', async (context) => (await emptyBody(context, desk), context.json(await does.start(askerOf(context), context.req.param('namespace'), context.req.param('name')))));
  app.post('/api/definitions/:namespace/:name/run-missed', async (context) => {
    const body = await bodyOf(context, desk);
    return context.json(await does.runMissed(askerOf(context), context.req.param('namespace'), context.req.param('name'), body));
  });
  app.post('/api/jobs/:job/stop', async (context) => (await emptyBody(context, desk), context.json(await does.stop(askerOf(context), context.req.param('job')))));
  app.post('/api/jobs/:job/start-again', async (context) => (await emptyBody(context, desk), context.json(await does.startAgain(askerOf(context), context.req.param('job')))));
}

/** A page's is its own; a program's is that of the token. */
function csrfOf({ env: { passed } }: Asked, { csrf }: Desk): string {
  return passed.session?.csrf ?? csrf;
}

async function emptyBody(context: Asked, desk: Desk): Promise<void> {
  if (Object.keys(await bodyOf(context, desk)).length > 0) throw new Refusal(400, 'the body is {}');
}

/** An object, of a page that could read our answers. Source: security specification S20. */
async function bodyOf(context: Asked, desk: Desk): Promise<object> {
  const { req, env } = context;
  if (env.passed.query.size > 0) throw new Refusal(400, 'what is to be done stands in the path and the body');
  if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(req.header('content-type') ?? '') || req.header('content-encoding') !== undefined) throw new Refusal(415, 'a body is application/json');
  if (!isSame(req.header('x-csrf-token') ?? '', csrfOf(context, desk))) throw new Refusal(403, 'the header X-CSRF-Token does not hold the word of /api/session');
  const text = new TextDecoder('utf-8', { fatal: true });
  try {
    const body: unknown = JSON.parse(text.decode(await readAll(req.raw.body)));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    // What is no JSON, or no UTF-8, is refused like anything else that is no object.
  }
  throw new Refusal(400, 'the body is no JSON object');
}

async function readAll(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES) throw new Refusal(413, 'the body is larger than 1 MB');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function askerOf({ env: { incoming, passed } }: Asked): Asker {
  return { from: incoming.socket.remoteAddress ?? 'unknown', shown: passed.shown };
}

function entrance(app: Hono<Env>, { pages, login }: AppParts): void {
  app.get('/login/:word', (context) => {
    const { shown, session } = context.env.passed;
    const cookie = login(context.req.param('word'), askerOf(context), session);
    if (cookie !== undefined) return new Response(null, { status: 303, headers: { Location: '/', 'Set-Cookie': cookie } });
    // Who is known already needs nothing, and gets nothing.
    if (shown !== 'none') return context.redirect('/', 303);
    throw new Refusal(401, 'this address was used already, or is none of ours', { hint: 'open the one that "nightshift dashboard" has printed last' });
  });
  app.get('/*', (context) => {
    const { segments, shown } = context.env.passed;
    if (shown === 'none') throw new Refusal(401, 'a token is missing');
    const page = segments[0] === 'api' ? undefined : pages.find(segments);
    return page === undefined ? context.notFound() : new Response(page.bytes, { headers: { 'Content-Type': page.type } });
  });
}

function failed(context: Asked, status: 400 | 401 | 403 | 404 | 413 | 415 | 431 | 500 | 503, facts: ErrorFacts): Response {
  const { type, text } = wordsOf(status, facts, context.req.header('accept') ?? '');
  return new Response(text, { status, headers: { ...HEADERS, 'Content-Type': type } });
}
