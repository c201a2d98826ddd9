import { type Fault, type Message, PROTOCOLS } from './message.ts';

/**
 * How far the two have come:
 *
 *   hello ── ready ──> preparing ── prepared, start ──> running ── outcome ──> over
 *
 * `over` is also where every fault leads, the program's exit, and the host's `dispose`.
 */
export type Phase = 'hello' | 'preparing' | 'running' | 'over';

/** What the program may say when. After the end nothing counts; it is told so and the host is, but that is no fault. */
const MAY_SAY: Readonly<Record<Exclude<Phase, 'over'>, readonly Message['type'][]>> = {
  hello: ['ready'],
  preparing: ['prepared', 'record', 'outcome'],
  running: ['record', 'blocked', 'startChild', 'stopChild', 'suspended', 'resumed', 'outcome'],
};

/** What decides whether a message is one too many. */
export interface Standing {
  readonly phase: Exclude<Phase, 'over'>;
  /** What was asked and not yet answered. */
  readonly asked: ReadonlySet<'suspend' | 'resume'>;
  readonly capabilities: { readonly input?: boolean; readonly reattach?: boolean };
}

/** Why this message may not come now; undefined when it may. Pure. */
export function objection({ phase, asked, capabilities }: Standing, message: Message): Fault | undefined {
  if (!MAY_SAY[phase].includes(message.type)) return violation(`said "${message.type}" ${WHEN[phase]}`);
  switch (message.type) {
    case 'ready':
      return PROTOCOLS.includes(message.protocol) ? undefined : { code: 'StdioProtocolUnsupported', why: `speaks version ${message.protocol} of the stdio protocol; this Nightshift speaks ${PROTOCOLS.join(', ')}` };
    case 'prepared':
      return capabilities.reattach === true && message.token === undefined ? { code: 'PluginMessageInvalid', why: 'said "prepared" without a "token", though its manifest declares "reattach"' } : undefined;
    case 'blocked':
      return capabilities.input === true ? undefined : violation('said "blocked", though its manifest does not declare "input"');
    case 'suspended':
      return asked.has('suspend') ? undefined : violation('said "suspended" without having been asked to');
    case 'resumed':
      return asked.has('resume') ? undefined : violation('said "resumed" without having been asked to');
    case 'outcome':
      return phase === 'preparing' && message.outcome.state !== 'Failed' ? violation(`said the outcome ${message.outcome.state} before it was started`) : undefined;
    default:
      return undefined;
  }
}

const WHEN: Readonly<Record<Standing['phase'], string>> = {
  hello: 'before it was "ready"',
  preparing: 'while it was to prepare',
  running: 'though it is running',
};

function violation(why: string): Fault {
  return { code: 'StdioProtocolViolation', why };
}
