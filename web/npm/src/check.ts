import { FanjianError } from './errors.js';

/** What an error calls a value of the wrong type. */
function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

function wrongType(name: string, wanted: string, found: unknown): FanjianError {
  return new FanjianError('type', `${name} must be ${wanted}, not ${typeOf(found)}`);
}

/** A text: a string without lone surrogates, which are no characters. */
export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw wrongType(name, 'a string', value);
  }
  if (!value.isWellFormed()) {
    const at = value.search(/\p{Surrogate}/u);
    throw new FanjianError('lone-surrogate', `${name} has a lone surrogate at ${at}, which is no character`);
  }
  return value;
}

/** A text that is in memory as a whole, several times over: one of at most `most` code units. */
export function short(value: unknown, name: string, most: number): string {
  if (typeof value === 'string' && value.length > most) {
    throw new FanjianError('too-large', `${name} has ${value.length} code units, more than ${most}: divide it, such as at lines`);
  }
  return text(value, name);
}

/** A text, or nothing. */
export function optional(value: unknown, name: string): string | undefined {
  return value === undefined ? undefined : text(value, name);
}

/** `true`, `false`, or nothing, which is `false`. */
export function flag(value: unknown, name: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') {
    throw wrongType(name, 'a boolean', value);
  }
  return value === true;
}

/** The items of an array, which `item` checks by their index. */
export function array<T>(value: unknown, name: string, wanted: string, item: (value: unknown, index: number) => T): T[] {
  if (!Array.isArray(value)) {
    throw wrongType(name, wanted, value);
  }
  // Holes are undefined, which `map` would leave out.
  return Array.from(value, item);
}

/** The texts of an array. */
export function texts(value: unknown, name: string): string[] {
  return array(value, name, 'an array of strings', (item, index) => text(item, `${name}[${index}]`));
}

/** A pair of a word and what it becomes. */
export function pair(value: unknown, name: string): [string, string] {
  const [word, becomes, ...more] = texts(value, name);
  if (word === undefined || becomes === undefined || more.length > 0) {
    throw new FanjianError('type', `${name} must be a pair of a word and what it becomes`);
  }
  return [word, becomes];
}

/** The texts of an array, or none. */
export function optionalTexts(value: unknown, name: string): string[] {
  return value === undefined ? [] : texts(value, name);
}

/** A place in a text: a whole number from 0 on. */
export function place(value: unknown, name: string): number {
  if (typeof value !== 'number') {
    throw wrongType(name, 'a number', value);
  }
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new FanjianError('type', `${name} must be a place in the text, not ${value}`);
  }
  return value;
}

/** An object, which is not an array. */
export function object<T extends object>(value: T, name: string): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(name, 'an object', value);
  }
  return value;
}

/** The properties of an object of options, all of which must be known. */
export function options<T extends object>(value: T, name: string, known: readonly string[]): T {
  for (const key of Object.keys(object(value, name))) {
    if (!known.includes(key)) {
      throw new FanjianError('type', `${name} has no option '${key}': expected one of ${known.join(', ')}`);
    }
  }
  return value;
}

/** The bytes of a document. */
export function bytes(value: unknown, name: string): Uint8Array {
  if (value instanceof Uint8Array) {
    return value;
  }
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  throw wrongType(name, 'a Uint8Array', value);
}

/** A URL, a function, or nothing. */
export function optionalUrlOrFunction(value: unknown, name: string): void {
  if (value !== undefined && !(value instanceof URL) && typeof value !== 'function') {
    throw wrongType(name, 'a URL or a function', value);
  }
}

/** Bytes that are no view of others. */
export function buffer(value: unknown, name: string): ArrayBuffer | SharedArrayBuffer {
  if (!(value instanceof ArrayBuffer) && !(typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer)) {
    throw wrongType(name, 'bytes, or a response with them', value);
  }
  return value;
}

/** An element of a page. Pages in other windows have classes of their own, of which it is no instance. */
export function element(value: unknown, name: string): Element {
  if (typeof value !== 'object' || value === null || (value as Node).nodeType !== 1) {
    throw wrongType(name, 'an element, such as document.body', value);
  }
  return value as Element;
}

/** A function. */
export function callable(value: unknown, name: string): void {
  if (typeof value !== 'function') {
    throw wrongType(name, 'a function', value);
  }
}
