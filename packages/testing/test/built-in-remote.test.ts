import { fileURLToPath } from 'node:url';
import type { AnyJobType } from '@nightshift/sdk';
import remoteJob from '@nightshift/remote-job';
import { afterAll, describe, test } from 'vitest';
import { SSHD, startComputers } from '../../../plugins/remote-job/test/computers.ts';
import { exerciseJobType } from '../src/index.ts';

const there = SSHD === undefined ? undefined : await startComputers({ names: ['127.0.0.1'] });
const { PATH, XDG_RUNTIME_DIR, NODE_COMPILE_CACHE } = process.env;
if (there !== undefined) Object.assign(process.env, there.environment, { NODE_COMPILE_CACHE: fileURLToPath(new URL('../../cli/dist-test/compiled', import.meta.url)) });

afterAll(() => {
  there?.[Symbol.dispose]();
  for (const [name, value] of Object.entries({ PATH, XDG_RUNTIME_DIR, NODE_COMPILE_CACHE })) if (value === undefined) delete process.env[name]; else process.env[name] = value;
});

describe.skipIf(there === undefined)('a RemoteJob', () => {
  exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
    type: remoteJob.jobTypes?.[0] as AnyJobType,
    completes: { computerName: ['127.0.0.1'], command: ['true'] },
    fails: { computerName: ['127.0.0.1'], command: ['false'] },
    runsUntilStopped: { computerName: ['127.0.0.1'], command: ['sleep', '60'] },
    invalid: [{}, { computerName: ['-x'], command: ['true'] }],
  });
});
