import type { Host, JobSelector } from '@nightshift/host';
import { JobError, suggest } from '@nightshift/sdk';

type Answer = { readonly problems: readonly JobError[] };

/** A host that guesses what was meant: a job that is not found by its name comes with the nearest name that there is. Nothing is looked up unless one is missing. */
export function guessingNames(host: Host): Host {
  const guessing = <Request, Result extends Answer>(ask: (selector: JobSelector, request: Request) => Promise<Result>) =>
    async (selector: JobSelector, request: Request): Promise<Result> => {
      const answer = await ask(selector, request);
      return answer.problems.some(isMissing) ? { ...answer, problems: await withGuesses(host, selector, answer.problems) } : answer;
    };
  return { ...host, getJobs: guessing(host.getJobs), receiveJobs: guessing(host.receiveJobs), waitJobs: guessing(host.waitJobs), stopJobs: guessing(host.stopJobs), removeJobs: guessing(host.removeJobs), deliverJobs: guessing(host.deliverJobs), suspendJobs: guessing((selector: JobSelector, request: Parameters<Host['suspendJobs']>[1]) => host.suspendJobs(selector, request)), resumeJobs: guessing((selector: JobSelector, request: Parameters<Host['resumeJobs']>[1]) => host.resumeJobs(selector, request)) };
}

function isMissing({ code, hint }: JobError): boolean {
  return code === 'JobWithSpecifiedNameNotFound' && hint === undefined;
}

async function withGuesses(host: Host, { words = [], names = [] }: JobSelector, problems: readonly JobError[]): Promise<readonly JobError[]> {
  const known = new Set((await host.getJobs({})).jobs.map(({ name }) => name));
  return problems.map((problem) => {
    const asked = isMissing(problem) ? [...words, ...names].find((word) => problem.message.includes(`"${word}"`)) : undefined;
    const near = asked === undefined ? undefined : nearName(asked, known);
    return near === undefined ? problem : new JobError({ code: problem.code, message: problem.message, hint: `did you mean ${near}?` }, { cause: problem });
  });
}

/** Job7 for Job8 would be no guess: whoever writes a number means it. */
export function nearName(asked: string, known: Iterable<string>): string | undefined {
  const letters = asked.replaceAll(/\d/g, '');
  return suggest(asked, [...known].filter((name) => name.replaceAll(/\d/g, '') !== letters || name.toLowerCase() === asked.toLowerCase()));
}
