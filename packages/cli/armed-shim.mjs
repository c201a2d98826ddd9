/**
 * The shim with its failpoints, for the build of the crash tests alone: the published shim.sh has not a word of them, and what
 * is tested is that very file with these lines put in. `NIGHTSHIFT_FAILPOINTS=shim.claimed:2=kill[,…]` kills the shim of the
 * second attempt there, and nothing else of its session. A line that is not there (as where a bug was planted) has no points;
 * test/repository.test.ts counts them. Source: reliability specification 12.1.
 */
const CLAIM = `  printf '%s\\n' "$nightshift_me" >"$nightshift_attempt/claim" || exit 125\n`;
const RECORD = `  printf '%s' "$nightshift_end" 1<>"$nightshift_attempt/exit.json"\n`;

const FAILPOINT = `
nightshift_failpoint() {
  case ,$NIGHTSHIFT_FAILPOINTS, in *",$1:$NIGHTSHIFT_ATTEMPT=kill,"*) kill -KILL $$ ;; esac
}
`;

export function armedShim(text) {
  const points = [
    [CLAIM, 'shim.unclaimed', 'shim.claimed'],
    [RECORD, 'shim.unrecorded', 'shim.recorded'],
  ];
  let armed = text;
  for (const [line, before, after] of points) {
    armed = armed.replace(line, () => `  nightshift_failpoint ${before}\n${line}  nightshift_failpoint ${after}\n`);
  }
  return armed.replace('\nmain "$@"\n', () => `${FAILPOINT}\nmain "$@"\n`);
}
