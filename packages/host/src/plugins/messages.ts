import type { Capabilities, DescribeRequest } from '@nightshift/sdk';

/** Where a plugin lies and as what it was trusted. */
export interface PluginPlace {
  /** As the configuration names it. */
  readonly named: string;
  /** Real path of its folder. */
  readonly path: string;
  /** As its manifest says. */
  readonly version: string;
}

/** What a plugin process is asked. Each is answered before the next is sent; `list` and `watch` with items first. */
export type Call =
  | { readonly call: 'load'; readonly place: PluginPlace }
  | { readonly call: 'validate'; readonly type: string; readonly value: unknown }
  /** With `raw`, the spec is as it was written: what the type's schema makes of it may not survive JSON. */
  | { readonly call: 'command' | 'delegate' | 'foresee'; readonly type: string; readonly request: DescribeRequest<unknown>; readonly raw: boolean }
  | { readonly call: 'find'; readonly type: string; readonly name: string; readonly path?: string }
  | { readonly call: 'list'; readonly type: string; readonly path?: string }
  | { readonly call: 'watch'; readonly type: string; readonly path?: string };

/** One line to a plugin process. */
export interface Question {
  readonly id: number;
  readonly ask: Call;
}

/** One line from a plugin process: the value of a call, what went wrong with it, or one of its items. */
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: Fault } | { readonly id: number; readonly item: unknown };

/** What was thrown, as data. */
export interface Fault {
  /** Of an error that has one of ours. */
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly path?: readonly (string | number)[];
}

/** What is known of a plugin without running a job. */
export interface PluginDescription {
  readonly name: string;
  readonly jobTypes: readonly TypeDescription[];
}

export interface TypeDescription {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly runs: 'command' | 'code' | 'delegate';
  readonly capabilities: Capabilities;
  /** Of a code type: whether it says something of an instance before it runs. Default: nothing. */
  readonly foresees?: boolean;
  /** Absent: it shares the definition files. */
  readonly definitions?: { readonly places: readonly string[]; readonly onlyByType: boolean; readonly canWatch: boolean };
}
