/** The text in blocks, converted by a worker: what is visible comes first. */

import { blockLengths, CONTEXT, editBetween, recut, type Edit } from "./blocks";
import type { Detected, Explanation, Part, ScriptSpan } from "./engine";
import type { BlockReply, BlockRequest, TextReply, TextRequest } from "./messages";
import type { Settings } from "./settings";

/** A block of the text. What it became before an edit stays until it is converted anew. */
export interface Block {
  readonly id: number;
  readonly text: string;
  /** What it becomes, without its parts. */
  plain: string | null;
  parts: readonly Part[] | null;
  /** How much of it is known; of one that cannot be converted, nothing will be before an edit or other settings. */
  state: "stale" | "plain" | "parts" | "failed";
  /** How often it became stale: an answer for an earlier time is shown, and asked for again. */
  revision: number;
  /** Whether it is converted without the text before it, after a failure: that may be what cannot be converted. */
  isAlone: boolean;
  /** Whether it is converted as plain text only, after a failure with its parts. */
  isWithoutParts: boolean;
}

/** How far the conversion is, in characters. */
export interface Progress {
  readonly all: number;
  /** As much is converted, and of as much the parts are known. */
  readonly converted: number;
  readonly looked: number;
  /** Whether all is converted, and the parts of what is seen are known. */
  readonly isDone: boolean;
}

/** What failed: all of the conversion, that of some of the text, or the parts of some of it, which is converted. */
export interface ConversionFailure {
  readonly error: string;
  readonly extent: "whole" | "text" | "parts";
}

export interface Listener {
  /** Blocks from `from` up to `to` were replaced by others, and the text behind them is moved by an edit. */
  replaced(from: number, to: number, blocks: readonly Block[], edit: Edit): void;
  converted(block: Block): void;
  progress(progress: Progress): void;
  scripts(whole: Detected, spans: readonly ScriptSpan[]): void;
  settingsFault(error: string | null): void;
  /** Null: the failure is over. */
  failed(failure: ConversionFailure | null): void;
  /** Whether the parts of a block are needed at once: it is seen, or something was chosen in it. */
  isWanted(block: Block): boolean;
}

/** How many characters are converted at once, with their parts, and without. */
const BATCH = 4000;
const PLAIN_BATCH = 100_000;
/** The scripts are looked at this long after the last edit, in milliseconds. */
const PAUSE = 250;
/** How much of a text is looked at for its scripts, in characters. */
const SCRIPTS = 1_000_000;

export class Conversion {
  text = "";
  blocks: Block[] = [];
  /** None before there are settings, and after a failure with them. */
  private worker: Worker | null = null;
  private chosen: Settings | null = null;
  /** The settings by which the blocks are converted: not yet those that were chosen, or not at all where these are refused. */
  private used: Settings | null = null;
  private nextId = 0;
  private version = 0;
  /** The last question about the scripts, and the last one that needs no answer any more. */
  private revision = 0;
  private settledRevision = 0;
  private isBusy = false;
  private hasSettings = false;
  /** Whether blocks are converted one by one: after a failure, to find the one that cannot be. */
  private isCareful = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The revisions of the blocks that are on their way, and whether with their parts. */
  private readonly sent = new Map<number, number>();
  private isSentWithParts = false;
  private readonly asked = new Map<number, (explanation: Explanation | null) => void>();

  constructor(private readonly listener: Listener) {}

  private newWorker(): Worker {
    const worker = new Worker(new URL("scripts/text-worker.js", document.baseURI), { type: "module" });
    // What was on its way when a worker was replaced is of no interest.
    worker.addEventListener("message", (event: MessageEvent<TextReply>) => {
      if (worker === this.worker) this.receive(event.data);
    });
    worker.addEventListener("error", (event) => {
      if (worker !== this.worker) return;
      const request = !this.hasSettings ? "settings" : this.isBusy ? "blocks" : "scripts";
      this.fail({ type: "failed", request, error: event.message, hasStopped: true });
    });
    return worker;
  }

  /** Converts all anew in a new worker: what could not be converted is tried again. */
  restart(): void {
    this.stopWorker();
    this.blocks.forEach(markStale);
    this.listener.failed(null);
    if (this.chosen) this.settings(this.chosen);
    this.lookAtScripts();
  }

  private stopWorker(): void {
    this.worker?.terminate();
    this.worker = null;
    this.isBusy = false;
    this.hasSettings = false;
    this.answerNone();
  }

  private answerNone(): void {
    for (const answer of this.asked.values()) answer(null);
    this.asked.clear();
  }

  /** Goes on after a failure, without what failed. */
  private fail({ request, error, hasStopped }: Extract<TextReply, { type: "failed" }>): void {
    this.isBusy = false;
    if (request === "settings") {
      // It would fail again and again: the user may try it.
      this.stopWorker();
      this.listener.failed({ error, extent: "whole" });
      return;
    }
    // What other settings are on their way for is converted anew by these.
    if (request === "blocks" && this.hasSettings && this.leaveFailed()) {
      this.listener.failed({ error, extent: this.blocks.some(({ state }) => state === "failed") ? "text" : "parts" });
    }
    if (request === "explain") this.answerNone();
    // The same text would stop the engine again.
    if (request === "scripts") this.settledRevision = this.revision;
    if (hasStopped) this.resume();
    else this.next();
  }

  /** Goes on in a new worker where another one stopped: what is converted stays. */
  private resume(): void {
    this.stopWorker();
    // If those that were chosen are refused, the ones before are used on.
    if (this.used && this.used !== this.chosen) this.sendSettings(this.used);
    if (this.chosen) this.sendSettings(this.chosen);
  }

  /**
   * Leaves the block that could not be converted as it is, or without its parts. Returns false if it is to be found yet: blocks are
   * then converted one by one, and without the text before them.
   */
  private leaveFailed(): boolean {
    const block = this.blocks.find((one) => this.sent.get(one.id) === one.revision);
    if (!block) return false;
    this.isCareful = this.sent.size > 1 || !block.isAlone;
    if (this.sent.size > 1) return false;
    if (!block.isAlone) {
      block.isAlone = true;
      return false;
    }
    if (this.isSentWithParts) {
      // If it is converted already, it stays so.
      block.isWithoutParts = true;
      return true;
    }
    block.state = "failed";
    block.parts = null;
    block.plain = block.text;
    this.listener.converted(block);
    return true;
  }

  private send(request: TextRequest): void {
    this.worker?.postMessage(request);
  }

  /** Converts all anew, by these settings. */
  settings(settings: Settings): void {
    this.chosen = settings;
    this.isCareful = false;
    this.sendSettings(settings);
    this.next();
  }

  private sendSettings(settings: Settings): void {
    if (!this.worker) {
      this.worker = this.newWorker();
      // What the one before was asked about the scripts is lost.
      if (this.settledRevision !== this.revision) this.lookAtScripts();
    }
    this.version += 1;
    this.hasSettings = false;
    this.send({ type: "settings", settings, version: this.version });
  }

  /** Takes the text after an edit. Returns what has changed in it. */
  edit(text: string): Edit {
    const edit = editBetween(this.text, text);
    if (edit.start === edit.oldEnd && edit.start === edit.newEnd) return edit;
    const lengths = this.blocks.map((block) => block.text.length);
    const { from, to, lengths: made } = this.blocks.length === 0
      ? { from: 0, to: 0, lengths: blockLengths(text) }
      : recut(lengths, edit, text);
    const added: Block[] = [];
    let at = lengths.slice(0, from).reduce((sum, length) => sum + length, 0);
    for (const length of made) {
      this.nextId += 1;
      added.push({
        id: this.nextId, text: text.slice(at, at + length), plain: null, parts: null, state: "stale", revision: 0,
        isAlone: false, isWithoutParts: false,
      });
      at += length;
    }
    this.text = text;
    this.blocks.splice(from, to - from, ...added);
    this.markContext(from + added.length);
    this.listener.replaced(from, to, added, edit);
    if (this.worker && !this.blocks.some(hasFailed)) this.listener.failed(null);
    this.next();
    this.lookAtScripts();
    return edit;
  }

  /** Marks the blocks for which the text before this one counts. */
  private markContext(from: number): void {
    let length = 0;
    for (const block of this.blocks.slice(from)) {
      markStale(block);
      length += block.text.length;
      if (length >= CONTEXT) return;
    }
  }

  private lookAtScripts(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.revision += 1;
      this.send({ type: "scripts", text: this.text.slice(0, SCRIPTS).toWellFormed(), revision: this.revision });
    }, PAUSE);
  }

  /** Sends the next blocks, if none are on their way: what is typed meanwhile makes no queue. */
  next(): void {
    const length = (blocks: readonly Block[]) => blocks.reduce((sum, block) => sum + block.text.length, 0);
    const stale = this.blocks.filter(({ state }) => state === "stale");
    const unknown = this.blocks.filter(({ state, isWithoutParts }) => state === "stale" || (state === "plain" && !isWithoutParts));
    const wanted = unknown.filter((block) => this.listener.isWanted(block));
    const all = this.text.length;
    const isDone = this.hasSettings && stale.length === 0 && wanted.length === 0;
    this.listener.progress({ all, converted: all - length(stale), looked: all - length(unknown), isDone });
    if (unknown.length === 0) this.isCareful = false;
    if (this.isBusy || !this.hasSettings || unknown.length === 0) return;
    // First what is seen, then all as plain text, and its parts when there is nothing else to do.
    const withoutParts = stale.filter((block) => block.isWithoutParts);
    if (withoutParts.length > 0) this.request(withoutParts, false);
    else if (wanted.length > 0) this.request(wanted, true);
    else if (stale.length > 0) this.request(stale, false);
    else this.request(unknown, true);
  }

  private request(blocks: readonly Block[], withParts: boolean): void {
    const starts = this.starts();
    const requests: BlockRequest[] = [];
    let length = 0;
    this.sent.clear();
    this.isSentWithParts = withParts;
    for (const block of blocks) {
      this.sent.set(block.id, block.revision);
      requests.push({ id: block.id, context: this.context(block, starts), text: block.text });
      length += block.text.length;
      if (this.isCareful || length >= (withParts ? BATCH : PLAIN_BATCH)) break;
    }
    this.isBusy = true;
    this.send({ type: "blocks", version: this.version, withParts, blocks: requests });
  }

  private context(block: Block, starts: ReadonlyMap<number, number>): string {
    if (block.isAlone) return "";
    const start = starts.get(block.id) ?? 0;
    const from = Math.max(0, start - CONTEXT);
    // A context begins with a line, as far as there is one: its first characters are decided as they are in the text.
    const line = from === 0 ? 0 : this.text.indexOf("\n", from) + 1;
    // Else it may begin with half of a pair, which is no character.
    return this.text.slice(line > from && line < start ? line : from, start).toWellFormed();
  }

  /** Why the part of a block that begins at a place in it became what it did. */
  explain(block: Block, start: number): Promise<Explanation | null> {
    if (!this.worker) return Promise.resolve(null);
    this.nextId += 1;
    const id = this.nextId;
    const context = this.context(block, this.starts());
    this.send({ type: "explain", id, context, text: block.text, start });
    return new Promise((resolve) => this.asked.set(id, resolve));
  }

  private starts(): Map<number, number> {
    const starts = new Map<number, number>();
    let at = 0;
    for (const block of this.blocks) {
      starts.set(block.id, at);
      at += block.text.length;
    }
    return starts;
  }

  private take(block: Block, converted: BlockReply, isCurrent: boolean): void {
    if (!isCurrent) return;
    if (this.sent.get(block.id) === block.revision) block.state = "parts" in converted ? "parts" : "plain";
    block.parts = "parts" in converted ? converted.parts : null;
    block.plain = "plain" in converted ? converted.plain : null;
    this.listener.converted(block);
  }

  private receive(reply: TextReply): void {
    switch (reply.type) {
      case "failed":
        this.fail(reply);
        break;
      case "settings":
        if (reply.version !== this.version) return;
        this.listener.settingsFault(reply.error);
        this.hasSettings = reply.isUsable;
        if (reply.error === null && this.used !== this.chosen) {
          this.used = this.chosen;
          this.blocks.forEach(markStale);
          this.listener.failed(null);
        }
        this.next();
        break;
      case "blocks": {
        this.isBusy = false;
        const byId = new Map(this.blocks.map((block) => [block.id, block]));
        for (const converted of reply.blocks) {
          const block = byId.get(converted.id);
          if (block) this.take(block, converted, reply.version === this.version);
        }
        this.next();
        break;
      }
      case "explain":
        this.asked.get(reply.id)?.(reply.explanation);
        this.asked.delete(reply.id);
        break;
      case "scripts":
        this.settledRevision = reply.revision;
        if (reply.revision === this.revision) this.listener.scripts(reply.whole, reply.spans);
        break;
    }
  }
}

function markStale(block: Block): void {
  block.state = "stale";
  block.revision += 1;
  block.isAlone = false;
  block.isWithoutParts = false;
}

const hasFailed = ({ state, isWithoutParts }: Block): boolean => state === "failed" || isWithoutParts;
