import type { Fault } from './messages.ts';

/** What a plugin has thrown in answer to a call. */
export class ThrownByPlugin extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}
