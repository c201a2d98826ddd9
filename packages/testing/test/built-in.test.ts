import backgroundJob from '@nightshift/background-job';
import scheduledJob from '@nightshift/scheduled-job';
import type { AnyJobType, JobTypePlugin } from '@nightshift/sdk';
import { describe, test } from 'vitest';
import { exerciseJobType } from '../src/index.ts';

const runner = { describe, test, skip: (title: string) => test.skip(title) };
const typeOf = ({ jobTypes = [] }: JobTypePlugin): AnyJobType => jobTypes[0] as AnyJobType;
const commands = { completes: { command: ['true'] }, fails: { command: ['sh', '-c', 'exit 7'] }, runsUntilStopped: { command: ['sleep', '60'] } };

exerciseJobType(runner, { type: typeOf(backgroundJob), ...commands, invalid: [{}, { command: 7 }, { comand: ['true'] }] });
exerciseJobType(runner, { type: typeOf(scheduledJob), ...commands, invalid: [{ type: 7 }, { type: 'ScheduledJob' }], plugins: [backgroundJob] });
