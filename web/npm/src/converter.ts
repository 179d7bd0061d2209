import type { Converter as Inner } from '../wasm/fanjian.js';
import * as check from './check.js';
import { called, FanjianError } from './errors.js';
import { loaded } from './load.js';
import { parsed, type KeptWord, type Replacement, type Segment } from './segments.js';
import { ConversionTransformer } from './stream.js';

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
  dict?: string | [string, string][];
  /** Terms that are not converted. */
  protect?: string[];
  /** Characters that are preferred to others of the same meaning, such as `臺`. */
  prefer?: string[];
  /** With `vocabulary: 'local'`: layers of words that stay: `persons`, `places`, `works`, `food`. */
  keepWords?: string[];
  /** Whether own words match in both scripts. */
  bothScripts?: boolean;
  /** With `config`: whether dictionaries take part whose output many fonts lack. */
  tofuRisk?: boolean;
}

const OPTIONS = [
  'config', 'to', 'from', 'vocabulary', 'punctuation', 'dict', 'protect', 'prefer', 'keepWords', 'bothScripts', 'tofuRisk',
] as const satisfies (keyof ConverterOptions)[];

/** The format of a document. */
export interface DocumentOptions {
  /** The name of the format, such as `html`: one of those that `formats()` returns. */
  as?: string;
  /** The document's file name, by which, and by its content, its format is known without `as`. */
  name?: string;
}

/** Longer texts, in code units, are converted piece by piece: that takes no more memory than a piece does. */
const PIECE = 1 << 20;

/** A converter: made once, for any number of texts. */
export class Converter {
  readonly #inner: Inner;

  /** Makes a converter. Throws a `FanjianError` for options that are wrong or exclude each other. */
  constructor(options: ConverterOptions) {
    this.#inner = build(options);
  }

  /** Converts a text. */
  convert(text: string): string {
    check.text(text, 'text');
    if (text.length <= PIECE) {
      return this.#inner.convert(text);
    }
    return this.#long(text);
  }

  #long(text: string): string {
    const stream = this.#inner.stream();
    try {
      let converted = '';
      for (let start = 0; start < text.length; ) {
        // A piece does not end between the two code units of a character.
        const end = start + PIECE;
        const piece = text.slice(start, (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end + 1 : end);
        converted += called(() => stream.push(piece));
        start += piece.length;
      }
      return converted + called(() => stream.finish());
    } finally {
      stream.free();
    }
  }

  /**
   * Converts a text, and returns its parts, what each became, and why. Their outputs joined are the converted text.
   *
   * With a target, `replacements` are parts of the text that become what the caller says; they must be in order.
   */
  segments(text: string, replacements: Replacement[] = []): Segment[] {
    check.text(text, 'text');
    if (replacements.length === 0) {
      return parsed(called(() => this.#inner.segments(text)));
    }
    const places = Uint32Array.from(replacements.flatMap(({ start, end }) => [start, end]));
    const outputs = replacements.map(({ output }, index) => check.text(output, `replacements[${index}].output`));
    return parsed(called(() => this.#inner.segmentsReplacing(text, places, outputs)));
  }

  /** The words of a text that stay although the target's region has others, with `vocabulary: 'local'`. */
  keptWords(text: string): KeptWord[] {
    check.text(text, 'text');
    return JSON.parse(called(() => this.#inner.keptWords(text))) as KeptWord[];
  }

  /**
   * A stream that converts a text in pieces, cut anywhere: what comes out, all taken together, is what `convert` makes of the
   * whole text.
   */
  stream(): TransformStream<string, string> {
    return new TransformStream(new ConversionTransformer(this.#inner.stream()));
  }

  /** Converts a document, such as a page or a book. Its text and the names of its languages change, and no other byte. */
  convertDocument(bytes: Uint8Array, options: DocumentOptions = {}): Uint8Array {
    const { as, name } = check.options(options, 'the options of a document', ['as', 'name']);
    const [format, file] = [check.optional(as, 'as'), check.optional(name, 'name')];
    return called(() => this.#inner.convertDocument(check.bytes(bytes, 'bytes'), format, file));
  }

  /** Frees the memory of the converter. Without it, that happens when the converter is collected as garbage. */
  free(): void {
    this.#inner.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function build(options: ConverterOptions): Inner {
  const given = check.options(options, 'the options of a converter', OPTIONS);
  if (given.config === undefined && given.to === undefined) {
    throw new FanjianError('config', "a configuration is needed, such as config: 's2twp', or a target, such as to: 'zh-TW'");
  }
  const builder = new (loaded().Builder)();
  return called(() => {
    let isBuilt = false;
    try {
      for (const name of ['config', 'to', 'from', 'vocabulary', 'punctuation'] as const) {
        const value = check.optional(given[name], name);
        if (value !== undefined) {
          builder[name](value);
        }
      }
      check.texts(given.keepWords, 'keepWords').forEach((layer) => builder.keepWords(layer));
      check.texts(given.prefer, 'prefer').forEach((character) => builder.prefer(character));
      check.texts(given.protect, 'protect').forEach((term) => builder.protect(term));
      if (typeof given.dict === 'string') {
        builder.dictionary(check.text(given.dict, 'dict'));
      } else if (given.dict !== undefined) {
        builder.pairs(pairs(given.dict));
      }
      builder.bothScripts(given.bothScripts === true);
      builder.tofuRisk(given.tofuRisk === true);
      // It takes the builder, also if it fails.
      isBuilt = true;
      return builder.build();
    } finally {
      if (!isBuilt) {
        builder.free();
      }
    }
  });
}

/** The keys and values of pairs, in turn. */
function pairs(dict: unknown): string[] {
  if (!Array.isArray(dict)) {
    check.text(dict, 'dict');
    return [];
  }
  return dict.flatMap((pair: unknown, index) => {
    const both = check.texts(pair, `dict[${index}]`);
    if (both.length !== 2) {
      throw new FanjianError('type', `dict[${index}] must be a pair of a word and what it becomes`);
    }
    return both;
  });
}

/** The converters of `convert`, by their options: those that were used last. */
const converters = new Map<string, Converter>();
const MOST_CONVERTERS = 16;

/** Converts a text by a converter with these options, which is kept for the next call with equal ones. */
export function convert(text: string, options: ConverterOptions): string {
  const key = JSON.stringify(options);
  const converter = converters.get(key) ?? new Converter(options);
  converters.delete(key);
  converters.set(key, converter);
  if (converters.size > MOST_CONVERTERS) {
    const [oldest, unused] = converters.entries().next().value as [string, Converter];
    converters.delete(oldest);
    unused.free();
  }
  return converter.convert(text);
}
