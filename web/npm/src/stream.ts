import type { Stream } from '../wasm/documents.js';
import { text } from './check.js';
import { called, FanjianError, freed } from './errors.js';

/** Whether a text ends with the first half of a character that takes two code units. */
function endsWithinCharacter(piece: string): boolean {
  return (piece.charCodeAt(piece.length - 1) & 0xfc00) === 0xd800;
}

/** Longer texts, in code units, are converted piece by piece: that takes no more memory than a piece does. */
export const PIECE = 1 << 20;

/** The pieces of a text. None ends between the two code units of a character. */
export function* piecesOf(text: string): Generator<string, void> {
  for (let start = 0; start < text.length; ) {
    const end = start + PIECE;
    const piece = text.slice(start, (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end + 1 : end);
    yield piece;
    start += piece.length;
  }
}

/** A transformer of the Streams API. A piece may end anywhere, also between the two code units of a character. */
export class ConversionTransformer implements Transformer<string, string> {
  readonly #stream: Stream;
  /** The text of this length that the stream has put out. */
  readonly #putOut: (length: number) => string;
  #half = '';
  #isFreed = false;

  constructor(stream: Stream, putOut: (length: number) => string) {
    this.#stream = stream;
    this.#putOut = putOut;
  }

  transform(chunk: string, controller: TransformStreamDefaultController<string>): void {
    this.#freeingAtErrors(() => {
      if (typeof chunk !== 'string') {
        text(chunk, 'a piece of a stream');
      }
      let piece = this.#half + chunk;
      this.#half = '';
      if (endsWithinCharacter(piece)) {
        this.#half = piece.slice(-1);
        piece = piece.slice(0, -1);
      }
      text(piece, 'a piece of a stream');
      for (const part of piecesOf(piece)) {
        this.#put(called(() => this.#putOut(this.#stream.push(part))), controller);
      }
    });
  }

  flush(controller: TransformStreamDefaultController<string>): void {
    this.#freeingAtErrors(() => {
      if (this.#half !== '') {
        throw new FanjianError('lone-surrogate', 'the text of a stream ends within a character');
      }
      this.#put(called(() => this.#putOut(this.#stream.finish())), controller);
    });
    this.#free();
  }

  /** For a stream that is aborted or canceled. Where this is not called yet, its memory is freed with the garbage. */
  cancel(): void {
    this.#free();
  }

  /** After an error, a stream does not go on, and nothing else of this is called. */
  #freeingAtErrors(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  #free(): void {
    if (!this.#isFreed) {
      this.#isFreed = true;
      freed(this.#stream);
    }
  }

  #put(converted: string, controller: TransformStreamDefaultController<string>): void {
    if (converted !== '') {
      controller.enqueue(converted);
    }
  }
}
