/** What an importer says of one definition, before it has a file: plain facts, and remarks about what did not fit. */
import type { Remark } from './remarks.ts';

/** The `job:` part: the keys of a BackgroundJob that importers use. */
export interface DraftJob {
  readonly command?: readonly string[];
  readonly scriptBlock?: string;
  readonly shell?: string;
  readonly argumentList?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly inputObject?: readonly string[];
  readonly successExitCodes?: readonly number[];
}

/** One entry of `triggers:`, and where it comes from. */
export interface DraftTrigger {
  readonly value: Readonly<Record<string, unknown>>;
  readonly place: string;
  /** As it was written, for the remark when it cannot be kept. */
  readonly source: string;
}

export interface Draft {
  /** Wishes for a name, the best first; any text. */
  readonly names: readonly string[];
  /** file:line where it begins. */
  readonly place: string;
  readonly description?: string;
  readonly job: DraftJob;
  readonly triggers: readonly DraftTrigger[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly maxResultCount?: number;
  /** False when the source itself is switched off. */
  readonly enabled?: boolean;
  readonly remarks: readonly Remark[];
}

/** Everything that one file came to. */
export interface Reading {
  readonly drafts: readonly Draft[];
  /** About the file as a whole, or about what became no definition. */
  readonly remarks: readonly Remark[];
}

/** No other scheduler looks at the battery before it starts something, as PowerShell's do by default. */
export const ON_BATTERY_TOO: Readonly<Record<string, boolean>> = { startIfOnBatteries: true, stopIfGoingOnBatteries: false };
