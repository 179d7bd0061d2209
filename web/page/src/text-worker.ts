/** Converts the text on the page, apart from it: typing never waits for a conversion. */

import { Converter, explanationOf, failureOf, partsOf, prepareText, scriptsOf, type Part } from "./engine";
import type { BlockRequest, TextReply, TextRequest } from "./messages";
import { converterOptions, type Settings } from "./settings";
import { replaced } from "./words";

const reply = (message: TextReply) => postMessage(message);
let converter: Converter | null = null;

/** Replaces the converter. Returns why it cannot be made, or null: the one before is then used on. */
async function choose(settings: Settings): Promise<string | null> {
  try {
    await prepareText(settings);
    const made = new Converter(converterOptions(settings));
    converter?.free();
    converter = made;
    return null;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.hasStopped) throw error;
    return failure.error;
  }
}

/** The parts of a block, decided with the text before it. */
function blockParts(converter: Converter, { context, text }: BlockRequest): Part[] {
  const at = context.length;
  const parts = partsOf(converter, context + text);
  // A part over the cut of a long line would be in two blocks: the block is then decided by itself.
  if (parts.some((part) => part.start < at && part.end > at)) return partsOf(converter, text);
  const own = parts.filter((part) => part.start >= at);
  return own.map((part) => ({ ...part, start: part.start - at, end: part.end - at }));
}

/** What a block becomes, without its parts. */
function plain(converter: Converter, block: BlockRequest): string {
  const { context, text } = block;
  // What is before a line does not change with the line: the conversion of the context is the beginning of that of both.
  if (context === "" || context.endsWith("\n")) return converter.convert(context + text).slice(converter.convert(context).length);
  return replaced(text, blockParts(converter, block));
}

async function answer(request: TextRequest): Promise<void> {
  switch (request.type) {
    case "settings": {
      const error = await choose(request.settings);
      reply({ type: "settings", version: request.version, error, isUsable: converter !== null });
      break;
    }
    case "blocks": {
      const used = converter;
      if (!used) return;
      const { version, withParts, blocks } = request;
      const converted = blocks.map((block) =>
        withParts ? { id: block.id, parts: blockParts(used, block) } : { id: block.id, plain: plain(used, block) });
      reply({ type: "blocks", version, blocks: converted });
      break;
    }
    case "explain": {
      const { id, context, text, start } = request;
      if (!converter) return;
      const found = explanationOf(converter, context + text, context.length + start) ?? explanationOf(converter, text, start);
      reply({ type: "explain", id, explanation: found });
      break;
    }
    case "scripts":
      if (!converter) return;
      reply({ type: "scripts", revision: request.revision, ...scriptsOf(request.text) });
      break;
  }
}

let queue = Promise.resolve();
addEventListener("message", (event: MessageEvent<TextRequest>) => {
  const request = event.data;
  queue = queue.then(() => answer(request)).catch((error: unknown) => reply({ type: "failed", request: request.type, ...failureOf(error) }));
});
