import { suggest } from '@nightshift/sdk';

/** What the words of other tools, and PowerShell's own short forms, mean here. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'start-job': ['start', 'run', 'exec', 'add', 'submit', 'enqueue', 'launch', 'spawn', 'bg', 'sajb'],
  'get-job': ['get', 'ps', 'ls', 'list', 'job', 'jobs', 'status', 'show', 'top', 'describe', 'inspect', 'info', 'gjb'],
  'receive-job': ['receive', 'log', 'logs', 'tail', 'output', 'cat', 'follow', 'attach', 'rcjb'],
  'wait-job': ['wait', 'join', 'fg', 'wjb'],
  'stop-job': ['stop', 'kill', 'cancel', 'abort', 'terminate', 'end', 'spjb'],
  'remove-job': ['remove', 'rm', 'del', 'delete', 'clean', 'clear', 'prune', 'purge', 'rjb'],
  'suspend-job': ['suspend', 'pause', 'hold', 'freeze', 'sujb'],
  'resume-job': ['resume', 'continue', 'unpause', 'rujb'],
  'debug-job': ['debug'],
  'get-job-type': ['types', 'job-types', 'plugins'],
  validate: ['check', 'lint', 'verify', 'test'],
  next: ['when', 'upcoming', 'calendar'],
  history: ['runs', 'past'],
  scheduler: ['daemon', 'serve', 'server', 'cron', 'schedule'],
  'get-scheduled-job': ['definitions', 'schedules', 'crontab'],
  new: ['init', 'create'],
  completion: ['completions', 'complete'],
  dashboard: ['ui', 'web'],
  doctor: ['diagnose', 'health'],
};

/** The verb that somebody meant, among those that there are; one guess, by meaning first, by letters else. */
export function nearVerb(word: string, verbs: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const meant = Object.keys(ELSEWHERE).find((verb) => ELSEWHERE[verb]?.includes(lower) === true);
  return meant !== undefined && verbs.includes(meant) ? meant : suggest(word, verbs);
}
