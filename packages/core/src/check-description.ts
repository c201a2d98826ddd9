import { isJobError, type CodeJobType, type Definition, type JobError } from '@nightshift/sdk';
import { atItsPlace, checkSpec, describeDefinition, requestOf, type CheckedSubject } from './check-definition.ts';
import type { DefinitionFiles } from './parts.ts';
import type { Registry } from './registry.ts';
import { withPlacedSecrets } from './secrets.ts';

/** What it takes to describe what a definition runs. */
export interface DescribingParts {
  readonly types: Registry;
  readonly files: DefinitionFiles;
}

/** Also tries to describe the program: what only then shows, such as a missing script file, is a complaint as well. */
export async function checkDescription(parts: DescribingParts, subject: CheckedSubject, definition: Definition): Promise<JobError | undefined> {
  try {
    if (subject.runs.runs === 'command') await describeDefinition(parts.files, subject, definition);
    else await checkForeseen(parts, subject, definition);
    return undefined;
  } catch (cause) {
    if (isJobError(cause)) return cause as JobError;
    throw cause;
  }
}

/**
 * Describes the children that the spec of a code type names. Throws `DefinitionUnsafe` for one that leaves the project, and
 * what else keeps one from ever being started. A script that is not there does not: the child before it may write it.
 */
export async function checkForeseen(parts: DescribingParts, { runs, spec }: CheckedSubject, definition: Definition): Promise<void> {
  if (runs.runs !== 'code') return;
  // That of a plugin is asked in a process of its own.
  const { children = [] } = (await (runs as CodeJobType<unknown>).foresee?.({ ...requestOf(definition), spec })) ?? {};
  for (const { request, path } of children) {
    const type = parts.types.find(request.type)?.type;
    const child = type === undefined ? [] : await checkSpec(parts.types, type, request.spec, requestOf(definition), () => ({}));
    if ('length' in child) continue;
    try {
      await describeChild(parts, child, definition);
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      if (cause.code !== 'FilePathNotFound') throw atItsPlace(definition, cause, path);
    }
  }
}

async function describeChild(parts: DescribingParts, child: CheckedSubject, definition: Definition): Promise<void> {
  if (child.runs.runs !== 'command') return checkForeseen(parts, child, definition);
  const request = requestOf(definition);
  const command = withPlacedSecrets(await child.runs.command({ ...request, spec: child.spec }), request.workingDirectory);
  await parts.files.checkPaths(definition, command);
}
