/** Where a host looks for its configuration, and who is believed there: handed on to the hosts of the runs that it starts, which work elsewhere and with other variables. */
export interface ConfigPlace {
  /** Absolute. */
  readonly workingDirectory: string;
  /** As it was named. Default: it is searched. */
  readonly configFile?: string;
  /** The variables that have a say in it; without those that are not set. */
  readonly environment: Readonly<Record<string, string>>;
}

const NAMES = ['HOME', 'XDG_CONFIG_HOME', 'NIGHTSHIFT_CONFIG', 'NIGHTSHIFT_TRUST'];

export function configPlace(workingDirectory: string, configFile: string | undefined, environment: NodeJS.ProcessEnv): ConfigPlace {
  const said = NAMES.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const]));
  return { workingDirectory, ...(configFile === undefined ? {} : { configFile }), environment: Object.fromEntries(said) };
}
