// The conversion of the text after failures of its worker. The worker is replaced by one whose engine stops where a check says.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { load } from "./modules.mjs";

const { Conversion } = await load("conversion.ts");

/** Longer than the pause after which the scripts are looked at, in milliseconds. */
const PAUSE = 1000;
/** Text of one block each. */
const LINES = ["一", "二", "三", "四"].map((character) => `${character.repeat(700)}\n`);
const TRAP = "☠";

let workers, stops;

/** Answers as the worker of the page does. A conversion has the name of its settings before the text. */
class FakeWorker {
  requests = [];
  isStopped = false;
  used = null;

  constructor() {
    workers.push(this);
  }

  addEventListener(type, listener) {
    if (type === "message") this.listener = listener;
  }

  postMessage(request) {
    this.requests.push(request);
  }

  terminate() {
    this.isTerminated = true;
  }

  /** Answers one request. */
  answer() {
    const request = this.requests.shift();
    this.isStopped ||= stops(request);
    const reply = this.isStopped ? { type: "failed", request: request.type, error: "stopped", hasStopped: true } : this.replyTo(request);
    if (reply) this.listener({ data: reply });
  }

  replyTo(request) {
    if (request.type === "settings") {
      const isRefused = request.settings.name === "refused";
      if (!isRefused) this.used = request.settings;
      return { type: "settings", version: request.version, error: isRefused ? "refused" : null, isUsable: this.used !== null };
    }
    if (this.used === null) return null;
    if (request.type === "scripts") return { type: "scripts", revision: request.revision, whole: { script: "simplified" }, spans: [] };
    const blocks = request.blocks.map(({ id, text }) => {
      const output = `${this.used.name}:${text}`;
      return request.withParts ? { id, parts: [{ start: 0, end: text.length, input: text, output }] } : { id, plain: output };
    });
    return { type: "blocks", version: request.version, blocks };
  }
}

/** Answers all requests, also those that follow. Fails if there is no end. */
function run() {
  for (let count = 0; count < 200; count += 1) {
    const worker = workers.at(-1);
    if (worker.isTerminated || worker.requests.length === 0) return;
    worker.answer();
  }
  assert.fail("the conversion has no end");
}

/** Whether a request is for blocks, one of which has such a text. */
const asksFor = (request, text) => request.type === "blocks" && request.blocks.some((block) => block.text.includes(text));

function start({ isWanted = () => true } = {}) {
  const seen = { failure: null, scripts: 0, progress: null, settingsFault: null };
  const conversion = new Conversion({
    replaced() {}, converted() {}, isWanted,
    progress: (progress) => { seen.progress = progress; },
    scripts: () => { seen.scripts += 1; },
    settingsFault: (error) => { seen.settingsFault = error; },
    failed: (failure) => { seen.failure = failure; },
  });
  conversion.settings({ name: "A" });
  return { conversion, seen };
}

const outputs = ({ blocks }) => blocks.map(({ plain, parts }) => plain ?? parts?.map(({ output }) => output).join("") ?? null);

beforeEach(() => {
  workers = [];
  stops = () => false;
  globalThis.Worker = FakeWorker;
  globalThis.document = { baseURI: "http://localhost/" };
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("settings that are changed while the engine stops count for all of the text", () => {
  for (const isWanted of [() => true, () => false]) {
    const { conversion, seen } = start({ isWanted });
    conversion.edit(LINES.join(""));
    run();
    assert.deepEqual(outputs(conversion), LINES.map((line) => `A:${line}`));
    stops = (request) => asksFor(request, TRAP);
    const last = `${TRAP}${LINES[3]}`;
    conversion.edit([...LINES.slice(0, 3), last].join(""));
    conversion.settings({ name: "B" });
    run();
    assert.deepEqual(outputs(conversion), [...LINES.slice(0, 3).map((line) => `B:${line}`), last]);
    assert.ok(seen.progress.isDone);
    assert.equal(seen.failure.extent, "text");
    stops = () => false;
  }
});

test("a failure is over with an edit of its text, also before a new worker is there", () => {
  const { conversion, seen } = start();
  run();
  stops = (request) => asksFor(request, TRAP);
  conversion.edit(TRAP);
  while (seen.failure === null || seen.failure.extent !== "text") workers.at(-1).answer();
  conversion.edit(LINES[0]);
  assert.equal(seen.failure, null);
  run();
  assert.equal(seen.failure, null);
  assert.deepEqual(outputs(conversion), [`A:${LINES[0]}`]);
});

test("settings that are refused are not used after the engine stops: those before are", () => {
  const { conversion, seen } = start();
  conversion.edit(LINES.join(""));
  run();
  conversion.settings({ name: "refused" });
  run();
  stops = (request) => asksFor(request, TRAP);
  conversion.edit(`${LINES.join("")}${TRAP}`);
  run();
  assert.ok(seen.progress.isDone);
  assert.equal(seen.settingsFault, "refused");
  assert.deepEqual(outputs(conversion).slice(0, 3), LINES.slice(0, 3).map((line) => `A:${line}`));
});

test("a text whose parts stop the engine is converted without them", () => {
  // What is not seen is converted before its parts are asked for, and what is seen is asked for with its parts.
  for (const isWanted of [() => true, () => false]) {
    const { conversion, seen } = start({ isWanted });
    stops = (request) => request.withParts && asksFor(request, "二");
    conversion.edit(LINES.join(""));
    run();
    assert.deepEqual(outputs(conversion), LINES.map((line) => `A:${line}`));
    assert.deepEqual(conversion.blocks.map(({ state }) => state), ["parts", "plain", "parts", "parts"]);
    assert.ok(seen.progress.isDone);
    assert.equal(seen.progress.looked, seen.progress.all);
    assert.deepEqual(seen.failure, { error: "stopped", extent: "parts" });
    // It is tried again, and the failure is over with an edit of it.
    stops = () => false;
    conversion.restart();
    run();
    assert.ok(conversion.blocks.every(({ state }) => state === "parts"));
    assert.equal(seen.failure, null);
  }
});

test("blocks are converted together again when all is converted, and by other settings", () => {
  for (const isConverted of [true, false]) {
    const { conversion } = start();
    run();
    // The engine stops once: no block is found that it cannot convert.
    let count = 0;
    stops = (request) => request.type === "blocks" && (count += 1) === 1;
    conversion.edit(LINES.join(""));
    if (isConverted) run();
    else workers.at(-1).answer();
    const sizes = [];
    stops = (request) => {
      if (request.type === "blocks") sizes.push(request.blocks.length);
      return false;
    };
    if (isConverted) conversion.edit(LINES.toReversed().join(""));
    else conversion.settings({ name: "B" });
    run();
    assert.equal(sizes[0], LINES.length);
  }
});

test("scripts are looked at also if the engine stops before, and not again if it stops at them", () => {
  const { conversion, seen } = start();
  run();
  stops = (request) => asksFor(request, TRAP);
  conversion.edit(`${TRAP}${LINES.join("")}`);
  mock.timers.tick(PAUSE);
  run();
  mock.timers.tick(PAUSE);
  run();
  assert.equal(seen.scripts, 1);
  stops = (request) => request.type === "scripts";
  conversion.edit(LINES.join(""));
  for (let pause = 0; pause < 5; pause += 1) {
    run();
    mock.timers.tick(PAUSE);
  }
  // Nothing but the detection failed, and it is asked for once.
  assert.equal(seen.failure, null);
  assert.ok(seen.progress.isDone);
  const count = workers.length;
  run();
  mock.timers.tick(PAUSE);
  assert.equal(workers.length, count);
  stops = () => false;
  conversion.restart();
  run();
  mock.timers.tick(PAUSE);
  run();
  assert.equal(seen.scripts, 2);
});

test("after settings that stop the engine, others are used by a new worker", () => {
  const { conversion, seen } = start();
  conversion.edit(LINES.join(""));
  run();
  stops = (request) => request.settings?.name === "B";
  conversion.settings({ name: "B" });
  run();
  assert.deepEqual(seen.failure, { error: "stopped", extent: "whole" });
  assert.ok(workers.every((worker) => worker.isTerminated));
  conversion.settings({ name: "C" });
  run();
  assert.deepEqual(outputs(conversion), LINES.map((line) => `C:${line}`));
  assert.equal(seen.failure, null);
});
