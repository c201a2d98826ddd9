/** Takes so many ids, one after the other, and prints them: take-ids.ts STATE-FOLDER TIMES COUNT FLOOR */
import { createIdCounter } from '../../src/id-counter.ts';

const [folder, times, count, floor] = process.argv.slice(2) as [string, string, string, string];
const ids = createIdCounter(folder);
const taken = Array.from({ length: Number(times) }, () => ids.take(Number(count), Number(floor), false));
ids.close();
process.stdout.write(JSON.stringify(taken));
