import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrokenDefinition, Definition, JobErrorFacts } from '@nightshift/sdk';
import { isBroken } from '@nightshift/sdk';
import { onTestFinished } from 'vitest';
import { type CheckTrigger, createYamlDefinitions, type DefinitionsOptions } from '../src/index.ts';

/** Nothing is wrong with any trigger: for tests about everything else. */
export const anyTrigger: CheckTrigger = () => ({ issues: [], warnings: [] });

/** A folder of this test, removed at its end. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'definitions-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file with exactly this mode, whatever the umask is; makes its folder. */
export function write(file: string, content: string | Uint8Array, mode = 0o644): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

/** Checks a text as a file `Nightly.yaml`. */
export async function check(content: string | Uint8Array, options: Partial<DefinitionsOptions> & { readonly fileName?: string } = {}): Promise<Definition | BrokenDefinition> {
  const { fileName = 'Nightly.yaml', ...rest } = options;
  const folder = temporaryFolder();
  write(join(folder, fileName), content);
  return createYamlDefinitions({ folders: [folder], checkTrigger: anyTrigger, ...rest }).check(join(folder, fileName));
}

export async function valid(content: string | Uint8Array, options: Partial<DefinitionsOptions> & { readonly fileName?: string } = {}): Promise<Definition> {
  const found = await check(content, options);
  if (isBroken(found)) throw new Error(`expected a valid definition: ${found.errors.map(brief).join('; ')}`);
  return found;
}

export async function errorsOf(content: string | Uint8Array, options: Partial<DefinitionsOptions> & { readonly fileName?: string } = {}): Promise<readonly JobErrorFacts[]> {
  const found = await check(content, options);
  return isBroken(found) ? found.errors : [];
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** "DefinitionKeyUnknown 3:3" */
export function brief({ code, line, column }: JobErrorFacts): string {
  return `${code} ${line}:${column}`;
}

/** The characters that the caret line marks. */
export function marked({ column = 1, excerpt }: JobErrorFacts): string {
  return Array.from(excerpt?.text ?? '').slice(column - 1, column - 1 + (excerpt?.length ?? 0)).join('');
}
