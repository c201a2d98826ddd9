/** What to call a job of which nothing is known but its command. */

/** Programs that run another one, and how many words of their own stand before it beside options and numbers. */
const WRAPPERS: Readonly<Record<string, number>> = { sudo: 0, nice: 0, ionice: 0, timeout: 0, flock: 1, env: 0, nohup: 0, time: 0, exec: 0, chronic: 0, cronic: 0, setsid: 0, chrt: 0, 'systemd-cat': 0, xargs: 0 };
/** Words of a shell that a command may follow. */
const KEYWORDS = /^(?:if|then|else|elif|do|while|until|!)$/;
/** Programs whose first argument says more than they do. */
const INTERPRETERS = /^(?:sh|bash|zsh|dash|ksh|python[\d.]*|php[\d.]*|node|nodejs|perl|ruby|Rscript|java|bundle|npx|pwsh|artisan|run-parts|uv|poetry)$/;
/** Programs of which one argument more says what they do. */
const TOOLS = /^(?:docker|podman|kubectl|npm|yarn|pnpm|make|go|git|systemctl|aws|gcloud|az|helm|apt|apt-get|dnf|yum|certbot|restic|borg|rclone)$/;
/** Commands that only prepare for what follows. */
const PREPARATIONS = /^(?:cd|test|\[|\[\[|export|set|shopt|source|\.|umask|sleep|true|:|mkdir|fi|done|esac|for|case|command)$/;
const LONGEST = 2_000;

/** "backup" for `cd /srv && nice -n 10 /usr/local/bin/backup.sh --full`; undefined when there is nothing to go by. */
export function nameOfCommand(command: string): string | undefined {
  const parts = command.slice(0, LONGEST).split(/&&|\|\||[;|\n(){}]/).map((part) => part.trim().split(/\s+/).filter((word) => word !== ''));
  const names = parts.flatMap((words) => nameOfWords(words) ?? []);
  return names[0];
}

/** The same of an argument vector. */
export function nameOfWords(words: readonly string[]): string | undefined {
  const first = words.findIndex((word) => !/^\w+=/.test(word) && !/^[<>&\d]*[<>]/.test(word) && !KEYWORDS.test(word));
  const program = baseOf(words[first]);
  if (program === undefined || PREPARATIONS.test(program)) return undefined;
  const rest = words.slice(first + 1);
  if (Object.hasOwn(WRAPPERS, program)) return nameOfWords(behindOptions(rest).slice(WRAPPERS[program])) ?? program;
  const argument = baseOf(rest.find((word) => /^[\w~./$]/.test(word) && !/^\w+=/.test(word)));
  if (argument === undefined) return program;
  return INTERPRETERS.test(program) ? argument : TOOLS.test(program) ? `${program}-${argument}` : program;
}

/** Without options, their numbers, and the user or the name that `-u` and `-t` are followed by. */
function behindOptions(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word, index) => !/^-|^\d+[smhd]?$|^\w+=/.test(word) && !/^-[ugt]$/.test(words[index - 1] ?? ''));
  return first === -1 ? [] : words.slice(first);
}

/** Last part of a path, without quotes and extension. */
function baseOf(word: string | undefined): string | undefined {
  const base = word?.replaceAll(/["'\\]/g, '').replace(/\/+$/, '').split('/').at(-1);
  const bare = base?.replace(/(?<=\w)\.(?:sh|bash|py|php|pl|rb|js|mjs|cjs|ts|R|jar|bin|exe|ps1)$/, '');
  return bare === undefined || !/\w/.test(bare) || /^[\d$]/.test(bare) ? undefined : bare;
}
