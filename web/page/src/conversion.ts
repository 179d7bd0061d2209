/** The text in blocks, converted by a worker: what is visible comes first. */

import { blockLengths, CONTEXT, editBetween, recut, type Edit } from "./blocks";
import type { Part, ScriptSpan, Detected } from "./engine";
import type { TextReply, TextRequest } from "./messages";
import type { Settings } from "./settings";

/** A block of the text. */
export interface Block {
  readonly id: number;
  text: string;
  /** Null until it has been converted once; kept until it is converted anew. */
  parts: Part[] | null;
  isStale: boolean;
}

export interface Listener {
  /** Blocks from `from` up to `to` were replaced by others, and the text behind them is moved by an edit. */
  replaced(from: number, to: number, blocks: readonly Block[], edit: Edit): void;
  converted(block: Block): void;
  /** All blocks are converted, or not: how many of how many characters are. */
  progress(done: number, all: number): void;
  scripts(whole: Detected, spans: readonly ScriptSpan[]): void;
  settingsFault(error: string | null): void;
  failed(error: string): void;
  ready(): void;
  /** Whether a block is seen by the user, who waits for it. */
  isVisible(block: Block): boolean;
}

/** So many characters are converted at once. */
const BATCH = 20_000;
/** The scripts are looked at so many milliseconds after the last edit. */
const PAUSE = 250;
/** So much of a text is looked at for its scripts, in characters. */
export const SCRIPTS = 1_000_000;

export class Conversion {
  text = "";
  blocks: Block[] = [];
  private readonly worker = new Worker(new URL("scripts/text-worker.js", document.baseURI), { type: "module" });
  private nextId = 0;
  private version = 0;
  private revision = 0;
  private isBusy = false;
  private hasSettings = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly listener: Listener) {
    this.worker.addEventListener("message", (event: MessageEvent<TextReply>) => this.receive(event.data));
    this.worker.addEventListener("error", (event) => listener.failed(event.message));
  }

  private send(request: TextRequest): void {
    this.worker.postMessage(request);
  }

  /** Converts all anew, by these settings. */
  settings(settings: Settings): void {
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
      added.push({ id: this.nextId, text: text.slice(at, at + length), parts: null, isStale: true });
      at += length;
    }
    this.text = text;
    this.blocks.splice(from, to - from, ...added);
    this.markContext(from + added.length);
    this.listener.replaced(from, to, added, edit);
    this.next();
    this.lookAtScripts();
    return edit;
  }

  /** Marks the blocks for which the text before this one counts. */
  private markContext(from: number): void {
    let length = 0;
    for (const block of this.blocks.slice(from)) {
      block.isStale = true;
      length += block.text.length;
      if (length >= CONTEXT) return;
    }
  }

  private lookAtScripts(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.revision += 1;
      this.send({ type: "scripts", text: this.text.slice(0, SCRIPTS), revision: this.revision });
    }, PAUSE);
  }

  /** Sends the next blocks, if none are on their way: what is typed meanwhile makes no queue. */
  private next(): void {
    const stale = this.blocks.filter((block) => block.isStale);
    const all = this.text.length;
    this.listener.progress(all - stale.reduce((sum, block) => sum + block.text.length, 0), all);
    if (this.isBusy || !this.hasSettings || stale.length === 0) return;
    const visible = stale.filter((block) => this.listener.isVisible(block));
    const batch: Block[] = [];
    let length = 0;
    for (const block of visible.length > 0 ? visible : stale) {
      batch.push(block);
      length += block.text.length;
      if (length >= BATCH) break;
    }
    const starts = this.starts();
    const blocks = batch.map((block) => {
      block.isStale = false;
      const start = starts.get(block.id) ?? 0;
      return { id: block.id, context: this.text.slice(Math.max(0, start - CONTEXT), start), text: block.text };
    });
    this.isBusy = true;
    this.send({ type: "blocks", version: this.version, blocks });
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

  private receive(reply: TextReply): void {
    switch (reply.type) {
      case "ready":
        this.listener.ready();
        break;
      case "failed":
        this.isBusy = false;
        this.listener.failed(reply.error);
        break;
      case "settings":
        if (reply.version !== this.version) return;
        this.listener.settingsFault(reply.error);
        this.hasSettings = true;
        if (reply.error === null) for (const block of this.blocks) block.isStale = true;
        this.next();
        break;
      case "blocks": {
        this.isBusy = false;
        if (reply.version === this.version) {
          const byId = new Map(this.blocks.map((block) => [block.id, block]));
          for (const { id, parts } of reply.blocks) {
            const block = byId.get(id);
            if (!block) continue;
            block.parts = parts;
            this.listener.converted(block);
          }
        }
        this.next();
        break;
      }
      case "scripts":
        if (reply.revision === this.revision) this.listener.scripts(reply.whole, reply.spans);
        break;
    }
  }
}
