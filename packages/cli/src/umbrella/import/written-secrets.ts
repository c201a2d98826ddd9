import type { Draft } from './draft.ts';

/** A value behind a telling name or option, or between a user and a host. Not one that a variable stands for. */
const IN_COMMAND = /(?:passw(?:or)?d|token|secret|api[_-]?key)["']?(?:\s*[=:]\s*|\s+)["']?[^\s"'$`{(|&;<>/-]{5}|:\/\/[^\s/:@$]+:[^\s/@$]+@|\s-p[^\s"'$-]{6}/i;

/** Says so where the command itself seems to hold a secret. It is not taken out: the command would not work without it. */
export function warnOfSecrets(draft: Draft): Draft {
  const { command = [], scriptBlock = '', argumentList = [] } = draft.job;
  if (![command.join(' '), scriptBlock, argumentList.join(' ')].some((text) => IN_COMMAND.test(text))) return draft;
  const text = 'the command seems to hold a secret, and everybody who may read this file can read it: keep it in a file that is read by the command';
  return { ...draft, remarks: [...draft.remarks, { severity: 'note', place: draft.place, text, at: 'job' }] };
}
