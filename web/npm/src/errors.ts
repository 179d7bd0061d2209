import type { Failure } from '../wasm/documents.js';

/** What went wrong, for programs that decide by it: one of the library's kinds of errors, or one of this package's own. */
export type ErrorCode =
  // Of the library.
  | 'syntax'
  | 'duplicate-key'
  | 'empty-key'
  | 'damaged'
  | 'version'
  | 'too-large'
  | 'config'
  | 'not-found'
  | 'invalid-utf8'
  | 'unsupported'
  | 'io'
  | 'other'
  // Of this package.
  | 'type'
  | 'lone-surrogate'
  | 'not-initialized'
  | 'freed'
  | 'aborted';

/** The only error that this package throws. Its message names the place and, if there is one, the way out. */
export class FanjianError extends Error {
  override readonly name = 'FanjianError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What stopped the WebAssembly, whose memory nobody can rely on any more. */
let trap: unknown;

/** An error if the WebAssembly has stopped. */
export function checkRunning(): void {
  if (trap !== undefined) {
    throw aborted();
  }
}

/** The result of a call into WebAssembly, whose errors become those of this package. */
export function called<T>(call: () => T): T {
  checkRunning();
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}

/**
 * Frees the memory of an object of the WebAssembly. Does nothing once that has stopped: an object whose method stopped it counts
 * as in use, and cannot be freed.
 */
export function freed(object: { free(): void }): void {
  if (trap === undefined) {
    called(() => object.free());
  }
}

/** An error of a call into WebAssembly as one of this package. */
export function translated(error: unknown): FanjianError {
  if (error instanceof FanjianError) {
    return error;
  }
  if (isFailure(error)) {
    return fromFailure(error);
  }
  if (error instanceof WebAssembly.RuntimeError || isStackOverflow(error)) {
    trap ??= error;
  }
  if (trap !== undefined) {
    return aborted();
  }
  if (isTooLong(error)) {
    const message = 'the result is longer than a string can be: convert the text in parts';
    return new FanjianError('too-large', message, { cause: error });
  }
  return new FanjianError('other', String(error), { cause: error });
}

function aborted(): FanjianError {
  const message =
    'the WebAssembly has stopped, most likely for want of memory, and cannot go on: start the worker or the program anew';
  return new FanjianError('aborted', message, { cause: trap });
}

/** V8 and JavaScriptCore have a RangeError for it, SpiderMonkey an error of its own. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && (error.name === 'InternalError' || /call stack/.test(error.message));
}

/** Engines have errors of different types for a string that is too long; Node names its own. */
function isTooLong(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG');
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && '__wbg_ptr' in error && 'kind' in error;
}

function fromFailure(failure: Failure): FanjianError {
  const error = new FanjianError(failure.kind as ErrorCode, failure.message);
  failure.free();
  return error;
}
