/**
 * The browsers that were let in, for as long as this server runs: nothing of them is kept anywhere else.
 *
 * A browser sends its cookies to every port of a host, so whoever serves a page on another port of this machine may see ours.
 * Which is why each browser has two words: the cookie, and one that only our pages have, since what a page stores is kept apart
 * by port. It comes in a header. The cookie alone opens the pages, in which nothing of a job stands, and no answer.
 */
import { isSame, newWord } from './token.ts';

export interface Session {
  readonly cookie: string;
  /** Of the pages, for the header `X-CSRF-Token`. */
  readonly word: string;
  /** For one request that can carry no header: an event stream, a download. */
  newPass(): string;
  /** Whether the pass is good; it is not any more then. */
  usePass(pass: string): boolean;
}

export interface Sessions {
  open(): Session;
  /** Of a cookie, in constant time. */
  find(cookie: string): Session | undefined;
  end(session: Session): void;
}

/** Of more browsers the one that has asked longest ago is forgotten, and so are the oldest passes that nobody has used. */
const MOST = 50;
const MOST_PASSES = 20;

export function createSessions(): Sessions {
  /** The one that has asked last is the last one. */
  const sessions = new Set<Session>();
  const latest = (session: Session): Session => {
    sessions.delete(session);
    sessions.add(session);
    return session;
  };
  return {
    open() {
      if (sessions.size >= MOST) sessions.delete(oldest(sessions));
      return latest(newSession());
    },
    find(cookie) {
      const found = sameIn([...sessions], cookie, ({ cookie: own }) => own);
      return found === undefined ? undefined : latest(found);
    },
    end: (session) => void sessions.delete(session),
  };
}

function newSession(): Session {
  const passes = new Set<string>();
  return {
    cookie: newWord(),
    word: newWord(),
    newPass() {
      if (passes.size >= MOST_PASSES) passes.delete(oldest(passes));
      const pass = newWord();
      passes.add(pass);
      return pass;
    },
    usePass(pass) {
      const found = sameIn([...passes], pass, (one) => one);
      return found !== undefined && passes.delete(found);
    },
  };
}

/** Every one is compared, whichever it is. */
function sameIn<One>(all: readonly One[], word: string, wordOf: (one: One) => string): One | undefined {
  return all.filter((one) => isSame(wordOf(one), word))[0];
}

function oldest<One>(all: ReadonlySet<One>): One {
  return all.values().next().value as One;
}
