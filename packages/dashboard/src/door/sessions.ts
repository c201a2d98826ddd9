/**
 * The browsers that were let in, for as long as this server runs: nothing of them is kept anywhere else.
 *
 * A browser sends its cookies to every port of a host, so whoever serves a page on another port of this machine may see ours:
 * each is good until its browser comes in anew, or this server ends, and no longer.
 */
import { isSame, newWord } from './token.ts';

export interface Session {
  readonly cookie: string;
  /** Of its pages, for the header of every POST. */
  readonly csrf: string;
}

export interface Sessions {
  open(): Session;
  /** Of a cookie, in constant time. */
  find(cookie: string): Session | undefined;
  end(session: Session): void;
}

/** Of more browsers the one that has asked longest ago is forgotten. */
const MOST = 50;

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
      const [oldest] = sessions;
      if (oldest !== undefined && sessions.size >= MOST) sessions.delete(oldest);
      return latest({ cookie: newWord(), csrf: newWord() });
    },
    find(cookie) {
      // Every one is compared, whichever it is.
      const [found] = [...sessions].filter((session) => isSame(session.cookie, cookie));
      return found === undefined ? undefined : latest(found);
    },
    end: (session) => void sessions.delete(session),
  };
}
