import * as check from './check.js';
import { FanjianError } from './errors.js';

/** How a text is converted: by a configuration (`config`) or to a target (`to`). */
export interface ConverterOptions {
  /** A configuration of OpenCC by its name, such as `s2twp`, or its JSON text. */
  config?: string;
  /** A target by its tag, such as `zh-TW`. */
  to?: string;
  /** With `to`: the tag of the script that all text is in. By default it is detected for each line. */
  from?: string;
  /** With `to`: `keep` (the default) leaves words as they are, `local` replaces them by the region's own. */
  vocabulary?: 'keep' | 'local';
  /** `keep` (the default) leaves quotation marks as they are, `local` writes them as the region does. */
  punctuation?: 'keep' | 'local';
  /** Own words: a dictionary in OpenCC's text format, or pairs of a word and what it becomes. */
  dict?: string | readonly (readonly [string, string])[];
  /** Terms that are not converted. */
  protect?: readonly string[];
  /** Characters that are preferred to others of the same meaning, such as `臺`. */
  prefer?: readonly string[];
  /** With `vocabulary: 'local'`: layers of words that stay: `persons`, `places`, `works`, `food`. */
  keepWords?: readonly string[];
  /** Whether own words match in both scripts. */
  bothScripts?: boolean;
  /**
   * With `config`: the dictionaries of a release of OpenCC, in place of the built-in ones: the contents of a file that
   * `fanjian dict import` made. They must not be changed afterwards.
   */
  dictionaries?: Uint8Array;
  /** With `config`: whether dictionaries take part whose output many fonts lack. */
  tofuRisk?: boolean;
}

/** The names of options. */
export const OPTIONS = [
  'config', 'to', 'from', 'vocabulary', 'punctuation', 'dict', 'protect', 'prefer', 'keepWords', 'bothScripts', 'tofuRisk',
  'dictionaries',
] as const satisfies (keyof ConverterOptions)[];

const NAME = 'the options of a converter';

/** The options, all of which are known. */
export function optionsOf(options: ConverterOptions): ConverterOptions {
  return check.options(options, NAME, OPTIONS);
}

/** The options as they are now, whatever becomes of the caller's object and its arrays. */
export function keptOptions(options: ConverterOptions): ConverterOptions {
  // Some may be inherited.
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(OPTIONS.map((name) => [name, copied(given[name])]));
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? structuredClone(value) : value;
}

/** Numbers of dictionaries, which stand for their bytes. */
const numbers = new WeakMap<object, number>();
let dictionariesSeen = 0;

function numberOf(dictionaries: object): number {
  const number = numbers.get(dictionaries) ?? (dictionariesSeen += 1);
  numbers.set(dictionaries, number);
  return number;
}

/** Equal options have equal keys: JSON, with the number of the dictionaries in place of their bytes. */
export function keyOf(options: ConverterOptions): string {
  const given = optionsOf(options);
  const values: Record<string, unknown> = {};
  for (const name of OPTIONS) {
    const value: unknown = given[name];
    // JSON leaves these out. In an array, they become null, which is no key of options that were right.
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new FanjianError('type', `${NAME}: ${name} cannot be a ${typeof value}`);
    }
    if (value !== undefined) {
      values[name] = value;
    }
  }
  if (given.dictionaries !== undefined) {
    check.bytes(given.dictionaries, 'dictionaries');
    values['dictionaries'] = numberOf(given.dictionaries);
  }
  try {
    return JSON.stringify(values);
  } catch (error) {
    // Such as for an object that has itself in it.
    const message = error instanceof Error ? error.message : String(error);
    throw new FanjianError('type', `${NAME}: ${message}`, { cause: error });
  }
}
