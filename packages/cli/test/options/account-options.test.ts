import { describe, expect, test } from 'vitest';
import { checkAccountOptions } from '../../src/options/account-options.ts';
import { parse } from '../../src/options/parse.ts';
import { startJob } from '../../src/verbs/start-job.ts';
import { asked } from '../asked.ts';
import { complaint, complaintOf } from '../complaint.ts';

const check = (...argv: string[]) => checkAccountOptions(parse(startJob.table, ['text', ...argv]));

describe('parameters about accounts and Windows', () => {
  test.each([[[]], [['--authentication', 'Default']], [['-Authentication', 'default']], [['--run-as32=false']], [['--credential', 'anybody']]])('%j says nothing that could be wrong', (argv) => {
    expect(check(...argv)).toBeUndefined();
  });

  test.each([
    [['--run-as32'], 'RunAs32NotSupported'],
    [['-RunAs32'], 'RunAs32NotSupported'],
    [['--ps-version', '5.1'], 'PSVersionNotSupported'],
    [['-PSVersion', '5.1'], 'PSVersionNotSupported'],
    [['--ps-version', '7'], 'ParameterArgumentValidationError'],
    [['--ps-version', '5.1.0'], 'ParameterArgumentValidationError'],
    [['--ps-version='], 'ParameterArgumentValidationError'],
    ...['Basic', 'Negotiate', 'NegotiateWithImplicitCredential', 'Credssp', 'Digest', 'Kerberos'].map((way) => [['--authentication', way], 'AuthenticationNotSupported']),
    [['--authentication', 'Magic'], 'ParameterArgumentValidationError'],
  ] as [string[], string][])('%j is %s', (argv, code) => {
    expect(complaint(() => check(...argv))).toMatchObject({ code });
  });

  test.each([
    [['--run-as32']], [['--run-as32', '--ps-version', '7']], [['--run-as32', '--authentication', 'Basic']], [['--run-as32', '--working-directory', '/nope']], [['--run-as32', '--timeout', 'x']],
  ])('--run-as32 is looked at first: %j', async (argv) => {
    expect(await complaintOf(() => asked(startJob, 'text', ...argv))).toMatchObject({ code: 'RunAs32NotSupported' });
  });
});
