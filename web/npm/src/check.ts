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

/** A text, or nothing. */
export function optional(value: unknown, name: string): string | undefined {
  return value === undefined ? undefined : text(value, name);
}

/** The texts of an optional array. */
export function texts(value: unknown, name: string): string[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw wrongType(name, 'an array of strings', value);
  }
  return value.map((item, index) => text(item, `${name}[${index}]`));
}

/** The properties of an object of options, all of which must be known. */
export function options<T extends object>(value: T, name: string, known: readonly string[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(name, 'an object', value);
  }
  for (const key of Object.keys(value)) {
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
