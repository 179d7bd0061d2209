/** Files that are dropped or chosen: converted by a worker one after another, and given back. */

import { announce } from "./announce";
import { byId, paced, element, save } from "./dom";
import { chosenFiles, distinctPaths, droppedFiles, type Found } from "./dropped";
import { language, onLanguage, text } from "./language";
import type { Cause, Encoding, FileReply, FileRequest, Outcome } from "./messages";
import * as state from "./state";
import type { Settings } from "./settings";

type Progress =
  | { readonly state: "waiting" | "stopped" }
  | { readonly state: "working"; readonly share: number | null }
  | { readonly state: "done"; readonly result: Blob; readonly outcome: Outcome; readonly changed: boolean }
  | { readonly state: "failed"; readonly error: string; readonly cause: Cause };

interface Job {
  readonly id: number;
  readonly path: string;
  readonly file: Blob;
  /** The one that a plain text is taken to be in. */
  encoding: Encoding;
  /** Those by which it is converted. */
  settings: Settings;
  progress: Progress;
  row: HTMLElement | null;
}

/** How many files are listed; all are converted. */
const LISTED = 300;
const PAUSE = 100;

export class Files {
  private jobs: Job[] = [];
  private worker: Worker | null = null;
  private nextId = 0;
  private packing: number | null = null;
  private readonly showSoon = paced(PAUSE, () => this.showAll());

  constructor() {
    const input = (button: string, id: string) => {
      const files = byId(id, HTMLInputElement);
      byId(button, HTMLButtonElement).addEventListener("click", () => files.click());
      files.addEventListener("change", () => {
        if (files.files) this.add(chosenFiles(files.files));
        files.value = "";
      });
    };
    input("choose-files", "files-input");
    input("choose-folder", "folder-input");
    this.listenToDrops();
    const on = (id: string, action: () => void) => byId(id, HTMLButtonElement).addEventListener("click", action);
    on("again", () => this.convertAgain());
    on("stop", () => this.stop());
    on("clear-files", () => this.clear());
    on("save-all", () => this.saveAll());
    onLanguage(() => this.showAll());
    state.onSettings(() => this.showSummary());
  }

  private listenToDrops(): void {
    const overlay = byId("dropping", HTMLElement);
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const show = (isShown: boolean) => overlay.classList.toggle("shown", isShown);
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show(true);
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) show(false);
    });
    addEventListener("drop", (event) => {
      show(false);
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      droppedFiles(event.dataTransfer).then((found) => this.add(found), (error: unknown) => announce(String(error)));
    });
  }

  /** Converts files, by the settings of now. */
  add(found: readonly Found[]): void {
    if (found.length === 0) return;
    const paths = distinctPaths(new Set(this.jobs.map((job) => job.path)), found.map(({ path }) => path));
    const added = found.map(({ file }, at): Job => {
      this.nextId += 1;
      return { id: this.nextId, path: paths[at] ?? file.name, file, encoding: chosenEncoding(), settings: state.current(), progress: { state: "waiting" }, row: null };
    });
    this.jobs.push(...added);
    this.start(added);
    announce(text("filesRead", { count: added.length }));
    byId("drop", HTMLElement).scrollIntoView({ block: "nearest" });
  }

  private start(jobs: readonly Job[]): void {
    this.worker ??= this.newWorker();
    for (const job of jobs) {
      job.progress = { state: "waiting" };
      const { id, path, file, encoding, settings } = job;
      const request: FileRequest = { type: "convert", id, path, file, encoding, settings };
      this.worker.postMessage(request);
    }
    this.showAll();
  }

  private newWorker(): Worker {
    const worker = new Worker(new URL("scripts/file-worker.js", document.baseURI), { type: "module" });
    // What was on its way when a worker was replaced is of no interest.
    worker.addEventListener("message", (event: MessageEvent<FileReply>) => {
      if (worker === this.worker) this.receive(event.data);
    });
    worker.addEventListener("error", (event) => {
      if (worker !== this.worker) return;
      const job = this.jobs.find(({ progress }) => progress.state === "working" || progress.state === "waiting");
      if (job) job.progress = { state: "failed", error: event.message, cause: "engine" };
      this.restart();
    });
    return worker;
  }

  /** Goes on with the files that wait, in a new worker. */
  private restart(): void {
    this.worker?.terminate();
    this.worker = null;
    this.packing = null;
    const waiting = this.jobs.filter(({ progress }) => progress.state === "waiting" || progress.state === "working");
    if (waiting.length > 0) this.start(waiting);
    else this.showAll();
  }

  private receive(reply: FileReply): void {
    if (reply.type === "zip-progress") this.packing = reply.share;
    else if (reply.type === "zip" || reply.type === "zip-failed") {
      this.packing = null;
      if (reply.type === "zip") save(text("archiveName"), reply.result);
      else announce(reply.error);
    } else this.receiveJob(reply);
    this.showSoon();
  }

  private receiveJob(reply: Extract<FileReply, { id: number }>): void {
    const job = this.jobs.find(({ id }) => id === reply.id);
    if (!job) return;
    switch (reply.type) {
      case "progress":
        job.progress = { state: "working", share: reply.share };
        break;
      case "done":
        job.progress = { state: "done", result: reply.result, outcome: reply.outcome, changed: reply.changed };
        break;
      case "failed":
        job.progress = { state: "failed", error: reply.error, cause: reply.cause };
        if (reply.cause === "engine") this.restart();
        break;
    }
    this.showRow(job);
  }

  private convertAgain(): void {
    this.worker?.terminate();
    this.worker = null;
    this.packing = null;
    for (const job of this.jobs) {
      job.settings = state.current();
      // Most texts in UTF-8 are texts of another encoding, too, but other ones.
      if (job.encoding !== "utf-8" || job.progress.state !== "done") job.encoding = chosenEncoding();
    }
    this.start(this.jobs);
  }

  private stop(): void {
    this.worker?.terminate();
    this.worker = null;
    this.packing = null;
    for (const job of this.jobs) {
      if (job.progress.state === "waiting" || job.progress.state === "working") job.progress = { state: "stopped" };
    }
    this.showAll();
  }

  private clear(): void {
    this.stop();
    this.jobs = [];
    this.showAll();
    byId("choose-files", HTMLButtonElement).focus();
  }

  private results(): { path: string; file: Blob }[] {
    return this.jobs.flatMap(({ path, progress }) => (progress.state === "done" ? [{ path, file: progress.result }] : []));
  }

  private saveAll(): void {
    const entries = this.results();
    this.packing = 0;
    this.worker ??= this.newWorker();
    const request: FileRequest = { type: "zip", entries };
    this.worker.postMessage(request);
    this.showSummary();
  }

  // What is shown.

  private showAll(): void {
    byId("queue", HTMLElement).hidden = this.jobs.length === 0;
    const rows = this.jobs.slice(0, LISTED).map((job) => this.showRow(job));
    const list = byId("file-list", HTMLElement);
    if (list.children.length !== rows.length || rows.some((row, at) => list.children[at] !== row)) list.replaceChildren(...rows);
    const more = this.jobs.length - rows.length;
    byId("files-more", HTMLElement).textContent = more > 0 ? text("filesMore", { count: more }) : "";
    this.showSummary();
  }

  private showSummary(): void {
    const count = (wanted: Progress["state"]) => this.jobs.filter(({ progress }) => progress.state === wanted).length;
    const [done, failed, stopped] = [count("done"), count("failed"), count("stopped")];
    const all = this.jobs.length;
    const isRunning = done + failed + stopped < all;
    const working = this.jobs.reduce((sum, { progress }) => sum + (progress.state === "working" ? (progress.share ?? 0) : 0), 0);
    const bar = byId("all-progress", HTMLProgressElement);
    bar.max = Math.max(all, 1);
    bar.value = this.packing === null ? done + failed + stopped + working : this.packing * all;
    const now = JSON.stringify(state.current());
    const used = new Set(this.jobs.map((job) => job.settings));
    const isOld = !isRunning && [...used].some((settings) => settings !== state.current() && JSON.stringify(settings) !== now);
    const shown = this.packing !== null
      ? text("packing", { share: Math.floor(this.packing * 100) })
      : text(failed > 0 ? "filesFailed" : "filesDone", { done, all, failed });
    byId("files-done", HTMLElement).textContent = isOld ? `${shown} ${text("settingsChanged")}` : shown;
    byId("stop", HTMLButtonElement).hidden = !isRunning && this.packing === null;
    byId("again", HTMLButtonElement).hidden = isRunning;
    const saveAll = byId("save-all", HTMLButtonElement);
    saveAll.disabled = isRunning || this.packing !== null || done === 0;
  }

  /** The row of a file. The same element is kept, so that the focus stays in it. */
  private showRow(job: Job): HTMLElement {
    job.row ??= element("li");
    const { progress, path, file, row } = job;
    const isDone = progress.state === "done";
    const button = row.querySelector("button");
    row.className = `file ${progress.state}`;
    const saving = () => save(path.split("/").at(-1) ?? path, isDone ? progress.result : file);
    const parts: Node[] = [
      element("span", { class: "path" }, path),
      element("span", { class: "size" }, bytes(file.size)),
      element("span", { class: "state", lang: progress.state === "failed" && progress.cause !== "encoding" ? "en" : null }, stateText(job)),
    ];
    if (progress.state === "working") {
      parts.push(element("progress", { max: 1, value: progress.share, "aria-label": path }));
    }
    if (isDone) parts.push(element("button", { type: "button", "aria-label": text("saveFileLabel", { name: path }), click: saving }, text("saveFile")));
    const hadFocus = button !== null && document.activeElement === button;
    row.replaceChildren(...parts);
    if (hadFocus) row.querySelector("button")?.focus();
    return row;
  }
}

const ENCODINGS: Record<Encoding, string> = { "utf-8": "UTF-8", gb18030: "GB18030", big5: "Big5" };

function stateText({ progress, encoding, path }: Job): string {
  switch (progress.state) {
    case "failed": {
      if (progress.cause === "encoding") return text("fileEncoding", { encoding: ENCODINGS[encoding] });
      // The path is beside it.
      const prefix = `${path}: `;
      return progress.error.startsWith(prefix) ? progress.error.slice(prefix.length) : progress.error;
    }
    case "done": {
      const { outcome, changed } = progress;
      if (outcome.kind === "copied") return text("fileCopied");
      const kind = outcome.kind === "document" ? outcome.format.toUpperCase() : text("fileText");
      return changed ? kind : `${kind} · ${text("fileUnchanged")}`;
    }
    default: return text(progress.state);
  }
}

/** A size in bytes as people write it. */
function bytes(size: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), units.length - 1);
  const unit = units[power] ?? "byte";
  const format = { style: "unit", unit, unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: power < 2 ? 0 : 1 } as const;
  return new Intl.NumberFormat(language(), format).format(size / 1000 ** power);
}

function chosenEncoding(): Encoding {
  return byId("encoding", HTMLSelectElement).value as Encoding;
}
