/** Loads in time and is busy for ever after that: busy-plugin.ts FILE */
import { watchBusy } from '../../../src/launch/code-host/busy-watch.ts';

const watch = watchBusy(process.argv[2] as string, ['{"end":"load"}', '{"end":"prepare"}'], 400);
watch.next();
for (;;);
