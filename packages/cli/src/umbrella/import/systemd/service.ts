/** A [Service] as a job and its options. systemd.service(5), systemd.exec(5). */
import type { DraftJob } from '../draft.ts';
import { durationText } from '../duration-text.ts';
import { splitWords } from './exec-line.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { commandJob } from './command.ts';
import { EXIT_NAMES, LONG_RUNNING, LOST, SILENT, SILENT_IN_UNIT } from './service-keys.ts';
import { parseSpan } from './time-span.ts';
import { isYes, valueOf, valuesOf, type Setting, type UnitFile } from './unit-file.ts';
import { placeVariables, type Variable } from '../variables.ts';

const SERVICE = 'Service';

export interface ServiceParts {
  readonly job: DraftJob;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Undefined when it starts no command. */
export function readService(unit: UnitFile, remarks: Remarks): ServiceParts | undefined {
  const job = commandJob(unit, remarks);
  if (job === undefined) return undefined;
  const codes = successCodes(unit, remarks);
  const variables = placeVariables(variablesOf(unit, remarks), remarks);
  const options = { ...timeoutOf(unit, remarks), ...retryOf(unit, remarks), ...batteryOf(unit) };
  remarkOnType(unit, remarks);
  remarkOnKeys(unit, remarks);
  return { job: { ...job, ...variables, ...(codes.length > 0 && { successExitCodes: [0, ...codes] }) }, options };
}

function variablesOf(unit: UnitFile, remarks: Remarks): readonly Variable[] {
  return valuesOf(unit, SERVICE, 'Environment').flatMap(({ value, place }) =>
    splitWords(value).flatMap(({ text }) => {
      const parts = /^([^=]+)=(.*)$/s.exec(text);
      if (parts === null) remarks.lost(place, `${quoted(text)} in Environment= sets no variable`, 'job.environment');
      if (/%[a-zA-Z]/.test(text.replaceAll('%%', ''))) remarks.lost(place, `${quoted(text)}: what systemd puts there for "%" is not known here`, 'job.environment');
      return parts === null ? [] : [{ name: parts[1] as string, value: (parts[2] as string).replaceAll('%%', '%'), place }];
    }),
  );
}

function successCodes(unit: UnitFile, remarks: Remarks): readonly number[] {
  return valuesOf(unit, SERVICE, 'SuccessExitStatus').flatMap(({ value, place }) =>
    value.split(/\s+/).flatMap((word) => {
      const code = /^\d{1,3}$/.test(word) ? Number(word) : EXIT_NAMES[word.replace(/^EXIT_/, '')];
      if (code !== undefined && code <= 255) return code === 0 ? [] : [code];
      remarks.lost(place, `SuccessExitStatus=${word}: only an exit code can be a success here, no signal`, 'job.successExitCodes');
      return [];
    }),
  );
}

/** What limits a run depends on the type: a oneshot is starting as long as it runs, all others run when they have started. */
function timeoutOf(unit: UnitFile, remarks: Remarks): object {
  const isOneshot = valueOf(unit, SERVICE, 'Type')?.value === 'oneshot';
  const limit = isOneshot ? valuesOf(unit, SERVICE, 'TimeoutStartSec', 'TimeoutSec').at(-1) : valueOf(unit, SERVICE, 'RuntimeMaxSec');
  const stop = valuesOf(unit, SERVICE, 'TimeoutStopSec', 'TimeoutSec').at(-1);
  const [timeout, gracePeriod] = [limit, stop].map((setting) => spanOf(setting, remarks));
  return { ...(timeout === undefined ? {} : { timeout }), ...(gracePeriod === undefined ? {} : { gracePeriod }) };
}

/** 0 and `infinity` are no limit. */
function spanOf(setting: Setting | undefined, remarks: Remarks): string | undefined {
  const span = setting === undefined ? Infinity : parseSpan(setting.value);
  if (span === undefined && setting !== undefined) remarks.lost(setting.place, `${setting.key}=${setting.value} is no time span`, 'options');
  return span === undefined || span === Infinity || span === 0 ? undefined : durationText(span);
}

/** Of systemd: five starts within ten seconds, 100 ms between them. */
const BURST = 5;
const INTERVAL = 10_000;
const PAUSE = 100;
/** As good as for ever. */
const MOST = 10_000;

function retryOf(unit: UnitFile, remarks: Remarks): object {
  const restart = valueOf(unit, SERVICE, 'Restart');
  if (restart === undefined || restart.value === 'no') return {};
  if (restart.value !== 'on-failure') {
    remarks.lost(restart.place, `Restart=${restart.value}: only a failed run is tried again here`, 'options.retry');
    if (!['always', 'on-abnormal', 'on-abort', 'on-watchdog'].includes(restart.value)) return {};
  }
  const given = (key: string): Setting | undefined => valueOf(unit, 'Unit', key) ?? valueOf(unit, SERVICE, key);
  const pause = Math.round(parseSpan(valueOf(unit, SERVICE, 'RestartSec')?.value ?? '') ?? PAUSE);
  const burst = Number(given('StartLimitBurst')?.value ?? BURST);
  const interval = parseSpan((given('StartLimitIntervalSec') ?? given('StartLimitInterval'))?.value ?? '') ?? INTERVAL;
  // The limit counts starts within a time; with longer pauses it is never reached.
  const isReached = Number.isInteger(burst) && burst > 0 && pause * burst < interval;
  const limit = isReached ? Math.min(burst - 1, MOST) : MOST;
  remarks.note(restart.place, `Restart=${restart.value}: systemd counts starts within ${durationText(interval)}, here ${limit} further attempts are made whatever the time`, 'options.retry');
  const delay = durationText(pause);
  return { retry: { limit, delay, factor: 1, ...(pause > 600_000 && { maxDelay: delay }) } };
}

/** `ConditionACPower=true` is what startIfOnBatteries: false says. */
export function batteryOf(unit: UnitFile): object {
  return isYes(powerCondition(unit)) ? { startIfOnBatteries: false } : {};
}

function powerCondition(unit: UnitFile): Setting | undefined {
  return valueOf(unit, 'Unit', 'ConditionACPower');
}

function remarkOnType(unit: UnitFile, remarks: Remarks): void {
  const type = valueOf(unit, SERVICE, 'Type');
  if (type !== undefined && LONG_RUNNING.includes(type.value)) remarks.lost(type.place, `Type=${type.value}: a run ends here when its first process ends`, 'job');
  const remains = valueOf(unit, SERVICE, 'RemainAfterExit');
  if (remains !== undefined && isYes(remains)) remarks.lost(remains.place, 'RemainAfterExit=: systemd starts it once and never again while it counts as active; here it runs at every due time', 'triggers');
}

function remarkOnKeys(unit: UnitFile, remarks: Remarks): void {
  const quiet: Setting[] = [];
  for (const setting of unit.sections.get(SERVICE) ?? []) {
    const { key, value, place } = setting;
    const why = Object.hasOwn(LOST, key) ? LOST[key] : undefined;
    if (value === '' || isHarmless(setting)) continue;
    if (why !== undefined) remarks.lost(place, `${key}=${value} has no equal: ${why}`, key === 'EnvironmentFile' ? 'job.environment' : 'job');
    else if (!SILENT.includes(key)) quiet.push(setting);
  }
  quiet.push(...unitSettings(unit, remarks));
  const [first] = quiet;
  if (first !== undefined) remarks.note(first.place, `not carried over: ${[...new Set(quiet.map(({ key }) => `${key}=`))].join(', ')}`);
}

/** Conditions of a unit, remarked; returns what is left to say of its [Unit]. */
export function unitSettings(unit: UnitFile, remarks: Remarks): readonly Setting[] {
  return (unit.sections.get('Unit') ?? []).filter((setting) => {
    const { key, value, place } = setting;
    const isCondition = /^(?:Condition|Assert)/.test(key);
    const isHonoured = value === '' || (key === 'ConditionACPower' && isYes(powerCondition(unit)));
    if (isCondition && !isHonoured) remarks.lost(place, `${key}=${value} has no equal: it runs whatever this would have said`);
    return !isCondition && !SILENT_IN_UNIT.includes(key);
  });
}

function isHarmless({ key, value }: Setting): boolean {
  return (/^Standard(?:Output|Error)$/.test(key) && /^(?:journal|inherit|syslog|kmsg)/.test(value)) || (key === 'StandardInput' && value === 'null') || (key === 'DynamicUser' && /^(?:no|false|0|off)$/i.test(value));
}
