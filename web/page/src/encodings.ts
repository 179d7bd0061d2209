/** Texts in the encodings that files of Chinese have. */

import type { Encoding } from "./messages";

/** A file is not in the encoding that it was taken to be in. */
export class NotInEncoding extends Error {}

/** Whether bytes at the beginning of a file are of no text: NUL bytes, but for UTF-16, which has a mark. */
export function looksBinary(head: Uint8Array): boolean {
  return utf16(head) === null && head.includes(0);
}

function utf16(head: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}

/**
 * The text of bytes, piece by piece. A byte order mark of UTF-16 counts before the encoding that is given. The stream fails
 * with `NotInEncoding` at bytes that are not in it.
 */
export function decoded(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, encoding: Encoding): ReadableStream<string> {
  let decoder: TextDecoder | null = null;
  const decode = (chunk?: Uint8Array): string => {
    decoder ??= new TextDecoder((chunk && utf16(chunk)) ?? encoding, { fatal: true, ignoreBOM: true });
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new NotInEncoding(`not a text in ${decoder.encoding}`);
    }
  };
  return bytes.pipeThrough(new TransformStream<Uint8Array, string>({
    transform(chunk, controller) {
      const text = decode(chunk);
      if (text !== "") controller.enqueue(text);
    },
    flush(controller) {
      const text = decode();
      if (text !== "") controller.enqueue(text);
    },
  }));
}
