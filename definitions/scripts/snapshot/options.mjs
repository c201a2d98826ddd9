import { parseArgs } from 'node:util';
import { Refusal } from './refusal.mjs';
import { quoted, visible } from './report.mjs';

const USAGE = 'usage: node snapshot.mjs --to FOLDER --keep NUMBER';

// Both are mandatory: a folder or a number that only the script knows is one that nobody finds in the definition.
export function readOptions(argv) {
  const { to, keep } = parse(argv);
  if (!to) throw usage('--to must name the folder for the archives');
  if (keep === undefined) throw usage('--keep must say how many archives stay');
  if (!/^[1-9]\d{0,5}$/.test(keep)) throw usage(`--keep must be a whole number from 1 to 999999, not ${quoted(keep)}`);
  return { to, keep: Number(keep) };
}

function parse(argv) {
  try {
    return parseArgs({ args: argv, options: { to: { type: 'string' }, keep: { type: 'string' } } }).values;
  } catch (error) {
    // Node adds paragraphs of advice after the first sentence.
    const [sentence] = error.message.split(/\. |\.?\n/);
    throw usage(visible(sentence));
  }
}

const usage = (sentence) => new Refusal(`${sentence}; ${USAGE}`, { exitCode: 2 });
