import type { DatabaseSync } from 'node:sqlite';
import { prepared } from '../database/prepared.ts';

/** One event for one hook. */
export interface NewDelivery {
  readonly namespace: string;
  /** The hook's id. */
  readonly hook: string;
  /** What people call the hook. */
  readonly label: string;
  /** The same for every repetition: receivers drop doubles by it. */
  readonly eventId: string;
  /** The definition's name. */
  readonly definition: string;
  /** What is sent, as JSON text. */
  readonly body: string;
}

export interface Delivery extends NewDelivery {
  readonly id: number;
  /** How often it was tried in vain. */
  readonly tries: number;
  /** Of a hook that starts a definition: the job that was made, or was just about to be. */
  readonly instanceId?: string;
}

export interface DeliveryRow extends NewDelivery {
  readonly id: number;
  readonly tries: number;
  readonly nextAt: number;
  readonly instanceId: string | null;
  readonly problem: string | null;
  readonly failedAt: number | null;
}

/** In somebody's transaction; due at once. An event that its hook has had before is left as it is. */
export function insertDeliveries(database: DatabaseSync, deliveries: readonly NewDelivery[], now: Date): void {
  const insert = prepared(database, 'INSERT OR IGNORE INTO delivery (namespace, hook, label, eventId, definition, body, tries, nextAt) VALUES (?, ?, ?, ?, ?, ?, 0, ?)');
  for (const { namespace, hook, label, eventId, definition, body } of deliveries) insert.run(namespace, hook, label, eventId, definition, body, now.getTime());
}

export function deliveryOfRow({ id, namespace, hook, label, eventId, definition, body, tries, instanceId }: DeliveryRow): Delivery {
  return { id, namespace, hook, label, eventId, definition, body, tries, ...(instanceId === null ? {} : { instanceId }) };
}
