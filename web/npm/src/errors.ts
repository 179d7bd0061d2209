import type { Failure } from '../wasm/documents.js';

/** What went wrong, for programs that decide by it: one of the library's kinds of errors, or one of this package's own. */
export type ErrorKind =
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
  | 'not-initialized';

/** The only error that this package throws. Its message names the place and, if there is one, the way out. */
export class FanjianError extends Error {
  override readonly name = 'FanjianError';
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** The result of a call into WebAssembly, whose errors become those of this package. */
export function called<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw isFailure(error) ? fromFailure(error) : error;
  }
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && '__wbg_ptr' in error && 'kind' in error;
}

function fromFailure(failure: Failure): FanjianError {
  const error = new FanjianError(failure.kind as ErrorKind, failure.message);
  failure.free();
  return error;
}
