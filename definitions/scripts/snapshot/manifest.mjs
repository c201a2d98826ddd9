// The sums in the form `sha256sum -c` reads. Symbolic links are not listed: sha256sum would follow them.

import { FILE } from './tar.mjs';

export const manifestOf = (members) =>
  Buffer.from(members.filter(({ type }) => type === FILE).map(lineOf).join(''), 'latin1');

/** `MANIFEST.sha256`, or where git tracks a file or folder of that name, the first free one. */
export function manifestName(paths) {
  // Without regard to case: the archive may be unpacked on a disk that knows none.
  const taken = new Set(paths.map((path) => path.split('/', 1)[0].toLowerCase()));
  for (let number = 0; ; number += 1) {
    const name = number === 0 ? 'MANIFEST.sha256' : `MANIFEST.${number}.sha256`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

// A leading backslash says that the name is escaped, as sha256sum itself writes it.
function lineOf({ name, sum }) {
  const escaped = name.replace(/[\\\n\r]/g, (character) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r' })[character]);
  const file = escaped === '-' ? './-' : escaped; // a plain dash means standard input
  return `${escaped === name ? '' : '\\'}${sum}  ${file}\n`;
}
