/** Converts files, and packs them: apart from the page and from the conversion of its text. */

import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

import { Converter, failureOf, formatOf, isOfEncoding, prepareFiles } from "./engine";
import { decoded, looksBinary, NotInEncoding } from "./encodings";
import type { Cause, Encoding, FileReply, FileRequest, Outcome } from "./messages";
import { converterOptions, type Settings } from "./settings";

const reply = (message: FileReply) => postMessage(message);

/** How much of a file is looked at for its format and its encoding, in bytes. */
const HEAD = 64 * 1024;
/** Progress is reported at most this often, in milliseconds. */
const PAUSE = 100;
/** The most bytes, and the most files, of a zip archive without extensions to the format. */
const LARGEST_ZIP = 0xffff_ffff;
const MOST_IN_ZIP = 0xffff;
/** Files that are compressed already. */
const COMPRESSED = /\.(?:zip|epub|docx|docm|xlsx|xlsm|pptx|pptm|odt|ods|odp|jpe?g|png|gif|webp|woff2?|mp[34])$/i;

let made: { settings: string; converter: Converter } | null = null;

function converterFor(settings: Settings): Converter {
  const key = JSON.stringify(settings);
  if (made?.settings !== key) {
    const converter = new Converter(converterOptions(settings));
    made?.converter.free();
    made = { settings: key, converter };
  }
  return made.converter;
}

/** A function that reports a share of what is done, but not too often. */
function throttled(report: (share: number) => void): (share: number) => void {
  let last = -Infinity;
  return (share) => {
    const now = performance.now();
    if (now - last < PAUSE) return;
    last = now;
    report(share);
  };
}

type Converted = { result: Blob; outcome: Outcome; changed: boolean };

async function convertFile(request: Extract<FileRequest, { type: "convert" }>): Promise<Converted> {
  const { id, path, file, encoding, settings } = request;
  const converter = converterFor(settings);
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const format = formatOf(path, head);
  if (format !== undefined) {
    reply({ type: "progress", id, share: null });
    const bytes = new Uint8Array(await file.arrayBuffer());
    // What a document states counts where nothing else was chosen.
    const converted = converter.convertDocument(bytes, { as: format, name: path, ...(encoding === "utf-8" ? {} : { encoding }) });
    const changed = converted.length !== bytes.length || converted.some((byte, at) => byte !== bytes[at]);
    const result = new Blob([converted as Uint8Array<ArrayBuffer>], { type: file.type });
    return { result, outcome: { kind: "document", format }, changed };
  }
  if (looksBinary(head)) return { result: file, outcome: { kind: "copied" }, changed: false };
  return convertText(converter, file, encoding, throttled((share) => reply({ type: "progress", id, share })));
}

/** Converts a plain text piece by piece: it is never in memory as a whole text. */
async function convertText(
  converter: Converter, file: Blob, encoding: Encoding, progress: (share: number) => void,
): Promise<Converted> {
  let read = 0;
  let changed = false;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      read += chunk.length;
      progress(read / file.size);
      controller.enqueue(chunk);
    },
  });
  let before = "";
  const compared = (text: string) => { before += text; };
  const texts = decoded(file.stream().pipeThrough(counted), encoding).pipeThrough(tapped(compared));
  const parts: Blob[] = [];
  let pending: string[] = [];
  let waiting = 0;
  for await (const text of chunks(texts.pipeThrough(converter.stream()))) {
    // As long as nothing has changed, what comes out is the beginning of what was put in.
    if (!changed && !before.startsWith(text)) changed = true;
    before = changed ? "" : before.slice(text.length);
    pending.push(text);
    waiting += text.length;
    if (waiting > 4_000_000) {
      parts.push(new Blob(pending));
      pending = [];
      waiting = 0;
    }
  }
  parts.push(new Blob(pending));
  return { result: new Blob(parts, { type: "text/plain;charset=utf-8" }), outcome: { kind: "text" }, changed };
}

/** The chunks of a stream. Not all browsers have that of streams. */
async function* chunks<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function tapped(listen: (text: string) => void): TransformStream<string, string> {
  return new TransformStream({
    transform(text, controller) {
      listen(text);
      controller.enqueue(text);
    },
  });
}

/** One zip archive of files. */
async function pack(entries: Extract<FileRequest, { type: "zip" }>["entries"]): Promise<Blob> {
  const size = entries.reduce((sum, { file }) => sum + file.size, 0);
  if (size > LARGEST_ZIP || entries.length > MOST_IN_ZIP) {
    throw new RangeError(`${entries.length} files of ${size} bytes are too many for one zip archive: save them one by one`);
  }
  const parts: Blob[] = [];
  const progress = throttled((share) => reply({ type: "zip-progress", share }));
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => { fail = reject; });
  const zip = new Zip((error, chunk) => {
    if (error) fail(error);
    else parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
  });
  let packed = 0;
  const write = async () => {
    for (const { path, file } of entries) {
      const entry = COMPRESSED.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
      zip.add(entry);
      for await (const chunk of chunks(file.stream())) {
        entry.push(chunk);
        packed += chunk.length;
        progress(packed / Math.max(size, 1));
      }
      entry.push(new Uint8Array(), true);
    }
    zip.end();
  };
  await Promise.race([write(), failed]);
  return new Blob(parts, { type: "application/zip" });
}

function causeOf(error: unknown, encoding: Encoding): Cause {
  if (error instanceof NotInEncoding || isOfEncoding(error, encoding)) return "encoding";
  return failureOf(error).hasStopped ? "engine" : "other";
}

async function answer(request: FileRequest): Promise<void> {
  if (request.type === "zip") {
    try {
      reply({ type: "zip", result: await pack(request.entries) });
    } catch (error) {
      reply({ type: "zip-failed", error: failureOf(error).error });
    }
    return;
  }
  const { id } = request;
  try {
    await prepareFiles(request.settings);
    reply({ type: "done", id, ...(await convertFile(request)) });
  } catch (error) {
    reply({ type: "failed", id, error: failureOf(error).error, cause: causeOf(error, request.encoding) });
  }
}

// One after another: each may be as large as memory allows.
let queue = Promise.resolve();
addEventListener("message", (event: MessageEvent<FileRequest>) => {
  queue = queue.then(() => answer(event.data));
});
