/** A timer and the service that it starts; either of them alone is read too. */
import { basename } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { ON_BATTERY_TOO, type Draft, type Reading } from '../draft.ts';
import { collectRemarks, type Remarks } from '../remarks.ts';
import { foreign, type Source } from '../source-file.ts';
import { batteryOf, readService, unitSettings } from './service.ts';
import { readTimer } from './timer.ts';
import { readUnit, valueOf, type UnitFile } from './unit-file.ts';

/** What lies in the folder of the file that was given. */
export interface Beside {
  read(name: string): Source | undefined;
  hasFolder(name: string): boolean;
}

/** Throws `DefinitionSyntaxError`, and `FilePathNotFound` for a timer whose service is not beside it. */
export function readSystemd(source: Source, beside: Beside, { system }: { readonly system: boolean }): Reading {
  const unit = readUnit(source);
  const isTimer = unit.sections.has('Timer');
  if (!isTimer && !unit.sections.has('Service')) throw foreign(source, 1, 'this is neither a timer nor a service: it has no [Timer] and no [Service]');
  const name = source.file === '-' ? 'imported.service' : basename(source.file);
  const timer = isTimer ? unit : partner(`${stem(name)}.timer`, beside);
  const service = isTimer ? serviceOf(unit, name, beside) : unit;
  const remarks = collectRemarks();
  for (const one of [timer, service]) if (one !== undefined && beside.hasFolder(`${basename(one.source.file)}.d`)) remarks.note(one.source.at(1), `the drop-in folder ${basename(one.source.file)}.d was not read`);
  return { drafts: [draftOf(stem(name), timer, service, { system, remarks })], remarks: [] };
}

function stem(name: string): string {
  return name.replace(/\.(?:timer|service)$/, '');
}

function partner(name: string, beside: Beside): UnitFile | undefined {
  const source = beside.read(name);
  return source === undefined ? undefined : readUnit(source);
}

/** The unit that a timer starts, by Unit= or by its own name; that of a template for an instance. */
function serviceOf(timer: UnitFile, name: string, beside: Beside): UnitFile {
  const named = valueOf(timer, 'Timer', 'Unit');
  const wanted = named?.value ?? `${stem(name)}.service`;
  if (!/^[\w@:.\\-]+\.service$/.test(wanted)) throw foreign(timer.source, Number(named?.place.split(':').at(-1) ?? 1), `the timer starts "${wanted}", which is no service`);
  const found = partner(wanted, beside) ?? partner(wanted.replace(/@.+\.service$/, '@.service'), beside);
  if (found !== undefined) return found;
  throw new JobError({ code: 'FilePathNotFound', message: `"${wanted}", which the timer starts, is not beside it`, hint: 'put a copy of both into one folder' });
}

function draftOf(name: string, timer: UnitFile | undefined, service: UnitFile, { system, remarks }: { readonly system: boolean; readonly remarks: Remarks }): Draft {
  const source = (timer ?? service).source;
  const times = timer === undefined ? { triggers: [], options: {} } : readTimer(timer, remarks);
  if (timer !== undefined) noteUnit(timer, remarks);
  const work = readService(service, remarks);
  if (work === undefined) throw foreign(service.source, 1, 'the service starts nothing: it has no ExecStart=');
  if (timer === undefined) remarks.note(source.at(1), `no ${name}.timer is beside it: a definition without triggers`);
  remarkOnPlace(service, system, remarks);
  const description = valueOf(service, 'Unit', 'Description') ?? valueOf(timer, 'Unit', 'Description');
  return {
    names: [name],
    place: source.at(1),
    ...(description === undefined ? {} : { description: description.value }),
    job: work.job,
    triggers: times.triggers,
    options: { ...times.options, ...ON_BATTERY_TOO, ...(timer !== undefined && batteryOf(timer)), ...work.options },
    remarks: remarks.all,
  };
}

function noteUnit(timer: UnitFile, remarks: Remarks): void {
  const rest = unitSettings(timer, remarks);
  const [first] = rest;
  if (first !== undefined) remarks.note(first.place, `not carried over: ${[...new Set(rest.map(({ key }) => `${key}=`))].join(', ')}`);
}

/** A system unit is root's unless it says otherwise, and starts in "/". */
function remarkOnPlace(service: UnitFile, system: boolean, remarks: Remarks): void {
  const isSystem = system || /^\/(?:etc|run|usr\/lib|lib|usr\/local\/lib)\/systemd\/system\//.test(service.source.file);
  const names = ['User', 'DynamicUser'].map((key) => valueOf(service, 'Service', key));
  if (isSystem && names.every((setting) => setting === undefined)) remarks.lost(service.source.at(1), 'a system unit without User= runs as root; here it runs as whoever runs the scheduler');
  if (valueOf(service, 'Service', 'WorkingDirectory') === undefined) remarks.note(service.source.at(1), `it starts in the folder of its definition; there ${isSystem ? 'in "/"' : 'in "/", a user unit in the home folder'}`, 'job');
}
