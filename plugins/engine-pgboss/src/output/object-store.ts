/** Where large pieces of output lie: whole objects, read in parts. */
export interface ObjectStore {
  /** Durable when it resolves. An object of the same key is replaced as a whole. Throws `StoreUnavailable`, `StoreFull` and their like. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Throws `InputOutputError` where they are not to be had, all of them. */
  get(key: string, offset: number, length: number): Promise<Uint8Array>;
  /** One that is not there is no error. A key that ends with `/` means all that begin with it. */
  remove(key: string): Promise<void>;
}

/** A day, an instance, a piece of its output; or the whole of a day. */
const KEY = /^\d{4,6}-\d\d-\d\d\/(?:[0-9a-f-]{36}\/[a-z0-9-]+)?$/;

/** Throws for a key that is none of ours: it would name some other file. */
export function checkKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new TypeError(`"${key}" is no key of an object`);
}
