/** An ending that was foreseen: one sentence that says what to do, and the exit code. */
export class Refusal extends Error {
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
