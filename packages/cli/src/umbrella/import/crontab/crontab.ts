/** Crontabs: the user form, and the system form with a word for the user. */
import { crontabItems, splitOption, splitPercent, type CrontabEntry, type CrontabItem } from '@nightshift/crontab-job/crontab';
import { JobError } from '@nightshift/sdk';
import { CRONTAB, translateCron } from '../cron-expression.ts';
import { ON_BATTERY_TOO, type Draft, type DraftJob, type DraftTrigger, type Reading } from '../draft.ts';
import { durationText } from '../duration-text.ts';
import { MOST_ENTRIES } from '../limits.ts';
import { collectRemarks, quoted, type Remarks } from '../remarks.ts';
import { scriptJob } from '../shell-text.ts';
import { foreign, type Source } from '../source-file.ts';
import { placeVariables, type Variable } from '../variables.ts';

/** Throws `DefinitionSyntaxError` for a line that is none, `LimitExceeded` above 10,000 entries, `DefinitionTooLarge` above 500 variables. */
export function readCrontab(source: Source, { system }: { readonly system: boolean }): Reading {
  const drafts: Draft[] = [];
  for (const item of crontabItems(source.lines, { system })) {
    const { read, line } = item;
    if (read.is === 'unknown') throw foreign(source, line, read.why, system ? undefined : 'a crontab with a user in each line is read with --system');
    drafts.push(draftOf(read, item, source));
    if (drafts.length > MOST_ENTRIES) throw new JobError({ code: 'LimitExceeded', message: `there are more than ${MOST_ENTRIES.toLocaleString('en')} entries`, file: source.file });
  }
  return { drafts, remarks: [] };
}

function draftOf(entry: CrontabEntry, { line, title, names, variables: set }: CrontabItem, source: Source): Draft {
  const remarks = collectRemarks();
  const place = source.at(line);
  const variables = set.map((variable): Variable => ({ name: variable.name, value: variable.value, place: source.at(variable.line) }));
  const value = (name: string): string | undefined => variables.find((variable) => variable.name === name)?.value;
  const { option, command: text } = splitOption(entry.command);
  if (option !== undefined) remarks.note(place, `${option} before the command is about cron's mail and log, and was left out`, 'job');
  const { command, input } = splitPercent(text);
  noteMail(variables, remarks);
  const triggers = triggersOf(entry, place, { zone: value('CRON_TZ'), delay: delayOf(variables, remarks) }, remarks);
  if (value('PATH') === undefined) remarks.note(place, "no PATH is set: cron's own is /usr/bin:/bin, a job has the scheduler's", 'job');
  if (entry.user !== undefined) remarks.lost(place, `cron ran it as ${quoted(entry.user)}; here it runs as whoever runs the scheduler`);
  return {
    names,
    place,
    ...(title === '' ? {} : { description: title }),
    job: { ...jobOf(command, value('SHELL')), ...(input === undefined ? {} : { inputObject: input }), ...placeVariables(variables.filter(isForCommand), remarks) },
    triggers,
    // cron catches nothing up, and starts a command also while the last one still runs.
    options: { multipleInstancePolicy: 'Parallel', catchUp: { policy: 'skip' }, ...ON_BATTERY_TOO },
    remarks: remarks.all,
  };
}

/** Variables that cron itself reads; the last three a command does not see as they stand here. */
const CRONS_OWN = ['MAILTO', 'MAILFROM', 'CONTENT_TYPE', 'CONTENT_TRANSFER_ENCODING', 'CRON_TZ', 'RANDOM_DELAY', 'MLS_LEVEL', 'XDG_SESSION_CLASS', 'SHELL', 'LOGNAME', 'USER'];

function isForCommand({ name }: Variable): boolean {
  return !CRONS_OWN.includes(name);
}

function noteMail(variables: readonly Variable[], remarks: Remarks): void {
  for (const { name, value, place } of variables) {
    if (name === 'MAILTO' && value !== '') remarks.note(place, `MAILTO=${value}: nothing is mailed; the output is kept with the run (receive-job)`);
    if (name === 'MLS_LEVEL') remarks.lost(place, `MLS_LEVEL=${value} has no equal: it runs in the security context of the scheduler`);
  }
}

function delayOf(variables: readonly Variable[], remarks: Remarks): number {
  const delay = variables.find(({ name }) => name === 'RANDOM_DELAY');
  const minutes = Number(delay?.value ?? 0);
  if (delay === undefined || minutes === 0) return 0;
  if (!(minutes > 0 && minutes <= 1_440)) {
    remarks.note(delay.place, `RANDOM_DELAY=${delay.value} is no number of minutes up to 1440; cron ignores it as well`, 'triggers');
    return 0;
  }
  remarks.note(delay.place, `RANDOM_DELAY=${delay.value}: cron draws one delay when it starts, here each due time has its own`, 'triggers');
  return minutes;
}

function triggersOf(entry: CrontabEntry, place: string, { zone, delay }: { zone: string | undefined; delay: number }, remarks: Remarks): readonly DraftTrigger[] {
  const random = /^(\d{0,2})~(\d{0,2})(?=[ \t])/.exec(entry.schedule);
  const [from, to] = [Number(random?.[1] || 0), Number(random?.[2] || 59)];
  const schedule = random === null ? entry.schedule : `${from}${entry.schedule.slice(random[0].length)}`;
  const translated = /~/.test(schedule) || from > to ? { lost: `cron draws a random time for ${quoted(entry.schedule)}; here only the minute can be drawn` } : translateCron(schedule, CRONTAB);
  if ('lost' in translated) {
    remarks.triggerLost(place, translated.lost);
    return [];
  }
  for (const note of translated.notes) remarks.note(place, note, 'triggers.0');
  if (random !== null) remarks.note(place, `${quoted(random[0])}: cron draws one minute when it reads the file, here each due time has its own`, 'triggers.0');
  const minutes = delay + (random === null ? 0 : to - from + 1);
  return [{ place, source: entry.schedule, value: { ...translated.trigger, ...(zone === undefined || zone === '' ? {} : { timeZone: zone }), ...(minutes > 0 && { randomDelay: durationText(minutes * 60_000) }) } }];
}

/** cron starts every command in the home folder, by `SHELL -c`. */
function jobOf(command: string, shell = '/bin/sh'): DraftJob {
  const goesHome = !/^\s*cd\s+["']?[/~$]/.test(command);
  const text = goesHome ? `cd || exit # cron starts in the home folder\n${command}` : command;
  const known = /^(?:\/usr)?\/bin\/(sh|bash)$/.exec(shell)?.[1];
  return scriptJob(text, known ?? [shell, '-c']);
}
