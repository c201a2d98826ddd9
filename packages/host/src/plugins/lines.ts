/** The longest message between Nightshift and a plugin process, in bytes. Source: S14. */
export const LONGEST_MESSAGE = 1_048_576;

/**
 * Cuts bytes into lines, whatever pieces they come in. `tooLong` is called once, when a line has no end within the limit;
 * nothing is cut any more then.
 */
export function lineCutter(onLine: (line: string) => void, tooLong: () => void): (bytes: Uint8Array) => void {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let isOver = false;
  return (bytes) => {
    for (let start = 0; !isOver && start < bytes.length; ) {
      const end = bytes.indexOf(0x0a, start);
      const piece = bytes.subarray(start, end === -1 ? bytes.length : end);
      length += piece.length;
      if (length > LONGEST_MESSAGE) {
        isOver = true;
        pieces = [];
        return tooLong();
      }
      pieces.push(piece);
      start += piece.length;
      if (end === -1) return;
      start += 1;
      onLine(Buffer.concat(pieces).toString());
      pieces = [];
      length = 0;
    }
  };
}
