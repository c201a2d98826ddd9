// Says whether what a document shows is what came out.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;

/**
 * A line `…` stands for any lines, `…` within a line for any text. Instance ids and times of the clock differ each time;
 * the columns of a table may be wider. Everything else is to be as shown.
 */
export function isShown(shown: readonly string[], printed: string): boolean {
  const wanted = shown.map(normal).map((line) => (line === '…' ? '(?:[^\\n]*\\n)*?' : `${line.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^\\n]*')}\\n`));
  return new RegExp(`^${wanted.join('')}$`).test(withEnd(printed).split('\n').map(normal).join('\n'));
}

function normal(line: string): string {
  const steady = line.replace(UUID, '<uuid>').replace(TIME, '<time>').trimEnd();
  return /^(?:Id|\d+) {2,}\S/.test(steady) ? steady.replaceAll(/ {2,}/g, '  ') : steady;
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
