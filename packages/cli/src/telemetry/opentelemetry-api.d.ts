/** As much of the peer as is used here: it need not be installed to build this. */
declare module '@opentelemetry/api' {
  export interface Context {
    getValue(key: symbol): unknown;
  }

  export interface Span {
    setStatus(status: { code: number; message?: string }): this;
    end(endTime?: Date): void;
  }

  export interface Tracer {
    startSpan(name: string, options: { startTime: Date; attributes: Readonly<Record<string, string | number | boolean>> }, context: Context): Span;
  }

  export interface TracerProvider {
    /** Of the one that stands for whichever a program has registered. */
    getDelegate?(): TracerProvider;
    /** Of those that send. */
    forceFlush?(): Promise<void>;
  }

  export const ROOT_CONTEXT: Context;
  export const SpanStatusCode: { readonly ERROR: number };
  export const trace: {
    getTracer(name: string): Tracer;
    getTracerProvider(): TracerProvider;
    setSpan(context: Context, span: Span): Context;
  };
}
