/** What the page and its workers say to each other. */

import type { Detected, Explanation, Part, ScriptSpan } from "./engine";
import type { Settings } from "./settings";

/** A block of the text, with the text before it that counts. */
export interface BlockRequest {
  readonly id: number;
  readonly context: string;
  readonly text: string;
}

export type TextRequest =
  | { readonly type: "settings"; readonly settings: Settings; readonly version: number }
  /** With parts, or as plain text, which takes a fraction of the time. */
  | { readonly type: "blocks"; readonly version: number; readonly withParts: boolean; readonly blocks: readonly BlockRequest[] }
  | { readonly type: "explain"; readonly id: number; readonly context: string; readonly text: string; readonly start: number }
  | { readonly type: "scripts"; readonly text: string; readonly revision: number };

/** A block that was converted: its parts, or what it becomes. */
export type BlockReply =
  | { readonly id: number; readonly parts: Part[] }
  | { readonly id: number; readonly plain: string };

export type TextReply =
  /** The converter by these settings is there, or the one before, if there is one. */
  | { readonly type: "settings"; readonly version: number; readonly error: string | null; readonly isUsable: boolean }
  | { readonly type: "blocks"; readonly version: number; readonly blocks: readonly BlockReply[] }
  | { readonly type: "explain"; readonly id: number; readonly explanation: Explanation | null }
  | { readonly type: "scripts"; readonly revision: number; readonly whole: Detected; readonly spans: ScriptSpan[] }
  | ({ readonly type: "failed"; readonly request: TextRequest["type"] } & Failure);

/** What went wrong in a worker, and whether its engine has stopped: it is then of no more use. */
export interface Failure {
  readonly error: string;
  readonly hasStopped: boolean;
}

/** The encodings in which a file can be, by the names of the Encoding standard. */
export type Encoding = "utf-8" | "gb18030" | "big5";

export type FileRequest =
  | { readonly type: "convert"; readonly id: number; readonly path: string; readonly file: Blob; readonly encoding: Encoding; readonly settings: Settings }
  | { readonly type: "zip"; readonly entries: readonly { readonly path: string; readonly file: Blob }[] };

/** How a file was converted: as a document of a format, as plain text, or not at all since it is neither. */
export type Outcome =
  | { readonly kind: "document"; readonly format: string }
  | { readonly kind: "text" }
  | { readonly kind: "copied" };

/** Why a file failed: it is in another encoding, the engine broke down and is of no more use, or what the error says. */
export type Cause = "encoding" | "engine" | "other";

export type FileReply =
  | { readonly type: "progress"; readonly id: number; readonly share: number | null }
  | { readonly type: "done"; readonly id: number; readonly result: Blob; readonly outcome: Outcome; readonly changed: boolean }
  | { readonly type: "failed"; readonly id: number; readonly error: string; readonly cause: Cause }
  | { readonly type: "zip-progress"; readonly share: number }
  | { readonly type: "zip"; readonly result: Blob }
  | { readonly type: "zip-failed"; readonly error: string };
