import type { Converter as Inner } from '../wasm/documents.js';
import * as check from './check.js';
import { called, checkRunning, FanjianError, freed, translated } from './errors.js';
import type { Variant } from './files.js';
import { has, loaded, putOut, type Loaded } from './load.js';
import { keptOptions, keyOf, OPTIONS, optionsOf, type ConverterOptions } from './options.js';
import { parsed, type KeptWord, type Replacement, type Segment } from './segments.js';
import { ConversionTransformer, PIECE, piecesOf } from './stream.js';

/** The format of a document. */
export interface DocumentOptions {
  /** The name of the format, such as `html`: one of those that `formats()` returns. */
  as?: string;
  /** The document's file name, by which, and by its content, its format is known without `as`. */
  name?: string;
  /**
   * The encoding that a text is in, or the texts in a zip archive are, by a label of the Encoding Standard such as `gb18030`.
   * A text then becomes UTF-8, and names that where it named the other; in an archive, texts keep theirs. Without it, a text is
   * in the encoding that it states, or in UTF-8.
   */
  encoding?: string;
}

/** Texts of at most this length are handed over as code units, and longer ones as UTF-8. */
const SHORT = 128;
/** As in `crates/wasm/src/units.rs`: the length of the memory for a text, and a conversion that changes nothing. */
const MOST_UNITS = 512;
const SAME = -1;
const NOT_CONVERTED = -2;
const NO_UNITS = new Uint16Array(0);

/**
 * The most code units of a text whose segments can be had: some have more than a thousand code units of JSON with their reasons, and
 * strings of V8 have less than 2²⁹.
 */
const MOST_OF_SEGMENTS = 1 << 18;
/**
 * The most code units of a text whose segments stay in WebAssembly: some take more than a thousand bytes with their reasons, and that
 * has 4 GiB.
 */
export const MOST_OF_PIECES = 1 << 20;
/** The most code units of a text that is taken as a whole. */
const MOST_AT_ONCE = 1 << 26;

/** A converter: made once, for any number of texts. */
export class Converter {
  #inner: Inner;
  /** Where it is. */
  #loaded: Loaded;
  /** What it is made by. Not kept where all is loaded, and it is not made anew. */
  #options: ConverterOptions | undefined;
  /** Memory for a short text, and behind it for its conversion. Empty before it is needed, and once memory has grown. */
  #units = NO_UNITS;
  #isFreed = false;

  /** Makes a converter. Throws a `FanjianError` for options that are wrong or exclude each other. */
  constructor(options: ConverterOptions) {
    this.#loaded = loaded();
    this.#inner = build(options);
    this.#options = has(this.#loaded, 'documents') ? undefined : keptOptions(options);
  }

  /** Converts a text. */
  convert(text: string): string {
    if (typeof text === 'string' && text.length <= SHORT) {
      const converted = this.#short(text);
      if (converted !== undefined) {
        return converted;
      }
    }
    if (typeof text !== 'string' || text.length > PIECE) {
      return this.#long(check.text(text, 'text'));
    }
    return called(() => {
      let length = this.#live.convert(text, false);
      if (length === NOT_CONVERTED) {
        check.text(text, 'text');
        length = this.#live.convert(text, true);
      }
      return length === SAME ? text : putOut(this.#loaded, length);
    });
  }

  get #live(): Inner {
    if (this.#isFreed) {
      throw new FanjianError('freed', 'the converter has been freed: make another one');
    }
    return this.#inner;
  }

  /** The converter in a WebAssembly with `variant`. It is made there anew if that was loaded after it was made. */
  #innerWith(variant: Variant, what: string): Inner {
    const live = this.#live;
    if (this.#options !== undefined && !has(this.#loaded, variant)) {
      const now = loaded(variant, what);
      this.#inner = build(this.#options);
      this.#loaded = now;
      this.#options = has(now, 'documents') ? undefined : this.#options;
      this.#units = NO_UNITS;
      freed(live);
    }
    return this.#inner;
  }

  /** Converts a short text. Undefined if it has a lone surrogate, or its conversion is not short. */
  #short(text: string): string | undefined {
    checkRunning();
    let units = this.#units;
    if (units.length === 0) {
      units = this.#units = new Uint16Array(this.#loaded.memory.buffer, this.#live.units(), 2 * MOST_UNITS);
    }
    const { length } = text;
    for (let at = 0; at < length; at++) {
      units[at] = text.charCodeAt(at);
    }
    let len: number;
    try {
      len = this.#inner.convertUnits(length);
    } catch (error) {
      throw translated(error);
    }
    if (len < 0) {
      return len === SAME ? text : undefined;
    }
    if (units.length === 0) {
      // Memory has grown.
      units = this.#units = new Uint16Array(this.#loaded.memory.buffer, this.#live.units(), 2 * MOST_UNITS);
    }
    return String.fromCharCode.apply(null, units.subarray(MOST_UNITS, MOST_UNITS + len) as unknown as number[]);
  }

  #long(text: string): string {
    const stream = called(() => this.#live.stream());
    try {
      return called(() => {
        let converted = '';
        for (const piece of piecesOf(text)) {
          converted += putOut(this.#loaded, stream.push(piece));
        }
        return converted + putOut(this.#loaded, stream.finish());
      });
    } finally {
      freed(stream);
    }
  }

  /**
   * Converts a text, and returns its parts, what each became, and why. Their outputs joined are the converted text.
   *
   * With a target, `replacements` are parts of the text that become what the caller says; they must be in order, and none is empty.
   */
  segments(text: string, replacements: Replacement[] = []): Segment[] {
    check.short(text, 'text', MOST_OF_SEGMENTS);
    const inner = this.#innerWith('targets', "'dictionaries', for segments,");
    const given = replacementsOf(replacements, text);
    if (given.length === 0) {
      return parsed(called(() => inner.segments(text)));
    }
    const places = Uint32Array.from(given.flatMap(({ start, end }) => [start, end]));
    const outputs = given.map(({ output }) => output);
    return parsed(called(() => inner.segmentsReplacing(text, places, outputs)));
  }

  /** The words of a text that stay although the target's region has others, with `vocabulary: 'local'`. */
  keptWords(text: string): KeptWord[] {
    check.short(text, 'text', MOST_OF_PIECES);
    const inner = this.#innerWith('targets', 'a target, which keptWords needs,');
    return JSON.parse(called(() => inner.keptWords(text))) as KeptWord[];
  }

  /**
   * A stream that converts a text in pieces, cut anywhere: what comes out, all taken together, is what `convert` makes of the
   * whole text.
   */
  stream(): TransformStream<string, string> {
    const stream = called(() => this.#live.stream());
    // It stays where it is.
    const at = this.#loaded;
    return new TransformStream(new ConversionTransformer(stream, (length) => putOut(at, length)));
  }

  /** Converts a document, such as a page or a book. Its text and the names of its languages change, and no other byte. */
  convertDocument(bytes: Uint8Array, options: DocumentOptions = {}): Uint8Array {
    const { as, name, encoding } = check.options(options, 'the options of a document', ['as', 'name', 'encoding']);
    const [format, file, label] = [check.optional(as, 'as'), check.optional(name, 'name'), check.optional(encoding, 'encoding')];
    const document = check.bytes(bytes, 'bytes');
    const inner = this.#innerWith('documents', "'documents'");
    return called(() => inner.convertDocument(document, format, file, label));
  }

  /**
   * Converts a text in pieces, such as the text nodes of a paragraph, and returns what each becomes: words are converted over
   * their edges. What becomes as many characters is put back character by character; a word that becomes another number of
   * them is put where its first character was.
   */
  convertPieces(pieces: readonly string[]): string[] {
    const given = check.texts(pieces, 'pieces');
    const text = given.join('');
    const converted = this.convert(text);
    if (converted === text || given.length < 2) {
      return converted === text ? given : given.map(() => converted);
    }
    check.short(text, 'the text of pieces', MOST_OF_PIECES);
    const inner = this.#innerWith('targets', "'dictionaries', for convertPieces,");
    let end = 0;
    const ends = Uint32Array.from(given, (piece) => (end += piece.length));
    let start = 0;
    return Array.from(called(() => inner.endsInConversion(text, ends)), (until) => {
      const piece = converted.slice(start, until);
      start = until;
      return piece;
    });
  }

  /**
   * Frees the memory of the converter, which cannot be used any more. Without it, that happens when the converter is collected as
   * garbage. Idempotent.
   */
  free(): void {
    if (!this.#isFreed) {
      this.#isFreed = true;
      this.#options = undefined;
      this.#units = NO_UNITS;
      freed(this.#inner);
    }
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function replacement(value: unknown, index: number): Replacement {
  const name = `replacements[${index}]`;
  const { start, end, output } = check.object(value as Replacement, name);
  return {
    start: check.place(start, `${name}.start`),
    end: check.place(end, `${name}.end`),
    output: check.text(output, `${name}.output`),
  };
}

/** Parts of a text that are replaced, in order. */
function replacementsOf(value: unknown, text: string): Replacement[] {
  const given = check.array(value, 'replacements', 'an array of replacements', replacement);
  given.forEach((part, index) => {
    const wrong = mistakeOf(part, text) ?? mistakeBehind(given[index - 1], part, `replacements[${index - 1}]`);
    if (wrong !== undefined) {
      throw new FanjianError('config', `replacements[${index}], from ${part.start} to ${part.end}, ${wrong}`);
    }
  });
  return given;
}

/** What is wrong with a part of a text. */
function mistakeOf({ start, end }: Replacement, text: string): string | undefined {
  if (start >= end) {
    return start === end ? 'is empty' : 'ends before it starts';
  }
  if (end > text.length) {
    return `ends behind the text, which has ${text.length} code units`;
  }
  const within = [start, end].find((place) => (text.charCodeAt(place) & 0xfc00) === 0xdc00);
  return within === undefined ? undefined : `is not at boundaries of characters: ${within} is within one`;
}

/** What is wrong with the place of a part, given the one before it. */
function mistakeBehind(before: Replacement | undefined, { start, end }: Replacement, name: string): string | undefined {
  if (before === undefined || before.end <= start) {
    return undefined;
  }
  const place = `${name}, from ${before.start} to ${before.end}`;
  return end <= before.start ? `is before ${place}: they must be in order` : `overlaps ${place}`;
}

function build(options: ConverterOptions): Inner {
  const given = optionsOf(options);
  if (given.config === undefined && given.to === undefined) {
    throw new FanjianError('config', "a configuration is needed, such as config: 's2twp', or a target, such as to: 'zh-TW'");
  }
  const names = OPTIONS.filter((name) => given[name] !== undefined && given[name] !== false);
  const config = check.optional(given.config, 'config');
  if (config !== undefined && names.length === 1 && !config.trimStart().startsWith('{')) {
    return called(() => loaded().glue.plain(config));
  }
  const other = names.find((name) => name !== 'config');
  const { glue } = loaded('targets', other === 'to' ? `'${given.to}'` : `'dictionaries', for ${other ?? 'JSON'},`);
  const builder = called(() => new glue.Builder());
  let isBuilt = false;
  try {
    return called(() => {
      for (const name of ['config', 'to', 'from', 'vocabulary', 'punctuation'] as const) {
        const value = check.optional(given[name], name);
        if (value !== undefined) {
          builder[name](value);
        }
      }
      check.optionalTexts(given.keepWords, 'keepWords').forEach((layer) => builder.keepWords(layer));
      check.optionalTexts(given.prefer, 'prefer').forEach((character) => builder.prefer(character));
      check.optionalTexts(given.protect, 'protect').forEach((term) => builder.protect(term));
      if (typeof given.dict === 'string') {
        builder.dictionary(check.short(given.dict, 'dict', MOST_AT_ONCE));
      } else if (given.dict !== undefined) {
        builder.pairs(pairs(given.dict));
      }
      if (given.dictionaries !== undefined) {
        builder.dictionaries(check.bytes(given.dictionaries, 'dictionaries'));
      }
      builder.bothScripts(check.flag(given.bothScripts, 'bothScripts'));
      builder.tofuRisk(check.flag(given.tofuRisk, 'tofuRisk'));
      // It takes the builder, also if it fails.
      isBuilt = true;
      return builder.build();
    });
  } finally {
    if (!isBuilt) {
      freed(builder);
    }
  }
}

/** The keys and values of pairs, in turn. */
function pairs(dict: unknown): string[] {
  const wanted = "a text in OpenCC's form or an array of pairs";
  return check.array(dict, 'dict', wanted, (pair, index) => check.pair(pair, `dict[${index}]`)).flat();
}

/** The converters of `convert`, by their options: those that were used last. */
const converters = new Map<string, Converter>();
const MOST_CONVERTERS = 16;

/** Converts a text by a converter with these options, which is kept for the next call with equal ones. */
export function convert(text: string, options: ConverterOptions): string {
  const key = keyOf(options);
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
