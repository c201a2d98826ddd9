/** What a service of the system has to know to run the scheduler of a project as it would run here and now. */
export interface ServiceFacts {
  /** Keeps several projects apart. */
  readonly name: string;
  /** Absolute path of this Node. */
  readonly node: string;
  /** Absolute path of the file that `nightshift` runs. */
  readonly program: string;
  /** Absolute folders of definitions. */
  readonly folders: readonly string[];
  /** Where the configuration is searched from. Absolute. */
  readonly workingDirectory: string;
  /** A configuration file that was named. Absolute. */
  readonly configFile?: string;
  readonly metricsPort?: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Stands in every file that we write, near its top: no other file is replaced or removed. */
export const MARK = 'Written by "nightshift scheduler install"';

/** Whether the text of a service is ours, changed by hand or not. */
export function isOurs(text: string): boolean {
  return text.split('\n', 5).some((line) => line.includes(MARK));
}

/** The command of the service, word by word. */
export function commandOf({ node, program, folders, configFile, metricsPort }: ServiceFacts): readonly [string, ...string[]] {
  return [
    node, program, 'scheduler', 'run',
    ...folders.flatMap((folder) => ['--definition-path', folder]),
    ...(configFile === undefined ? [] : ['--config', configFile]),
    ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
  ];
}

/** What is said of time zone and language, places of ours, and where programs are: a job is to find at night what it finds now. */
const CARRIED = /^(?:NIGHTSHIFT_(?:RUNTIME_DIR|CONFIG|MIN_FREE)|XDG_(?:STATE|CONFIG)_HOME|PATH|TZ|LANG|LC_[A-Z]+)$/;

/** Variables of the caller that the service gets, in the order of their names. The state folder is always among them. */
export function carriedVariables(environment: NodeJS.ProcessEnv, state: string): Readonly<Record<string, string>> {
  const carried = Object.entries(environment).flatMap(([name, value = '']) => (CARRIED.test(name) && value !== '' ? [[name, name === 'PATH' ? absolutePart(value) : value] as const] : []));
  return Object.fromEntries([...carried, ['NIGHTSHIFT_STATE_DIR', state] as const].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A relative folder in PATH would be another one for each job. */
function absolutePart(path: string): string {
  return path.split(':').filter((folder) => folder.startsWith('/')).join(':');
}
