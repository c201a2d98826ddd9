/** Which service is meant, and what it is to run. */
export interface ServiceRequest {
  /** Default: the namespace of the definitions. */
  readonly name?: string;
  /** Folders in place of the configured ones; relative to the working directory. */
  readonly definitionPaths?: readonly string[];
  /** Where the scheduler is to answer with metrics. Default: nowhere. */
  readonly metricsPort?: number;
  /** Absolute path of the file that `nightshift` runs. */
  readonly program: string;
}

export interface ServicePlan {
  readonly name: string;
  /** What the system calls it. */
  readonly unit: string;
  readonly file: string;
  readonly text: string;
  /** One of ours is there already. */
  readonly exists: boolean;
}

export interface Installed {
  readonly name: string;
  readonly unit: string;
  readonly file: string;
  readonly change: 'written' | 'replaced' | 'unchanged';
  /** False where nobody could be asked to start it. */
  readonly running: boolean;
  /** To be typed by the user, with what each is good for; the system could not be asked, or must not be by us. */
  readonly commands: readonly { readonly purpose: string; readonly command: string }[];
  /** Shows what the service has said. */
  readonly log: string;
}

export interface Uninstalled {
  readonly name: string;
  readonly unit: string;
  readonly file: string;
  /** False: nothing was there. */
  readonly removed: boolean;
  /** Whether the system could be asked to stop it. */
  readonly asked: boolean;
  /** To be typed where it could not. */
  readonly commands: readonly string[];
}
