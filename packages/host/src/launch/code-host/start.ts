/** The file that Node is started with; `main.ts` tells the story. In the bundle it lies beside the shim, else a folder below it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCodeHost } from './main.ts';

const [, script = '', attempt = ''] = process.argv;
const beside = join(dirname(script), 'shim.sh');

if (existsSync(beside)) void runCodeHost(attempt, { shim: beside, codeHost: [script] });
else void runCodeHost(attempt, { shim: join(dirname(script), '../shim.sh') });
