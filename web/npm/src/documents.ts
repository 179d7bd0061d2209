import * as check from './check.js';
import { called } from './errors.js';
import { loaded } from './load.js';

/** A format of documents that can be converted. */
export interface DocumentFormat {
  /** Its name, for the option `as`. */
  name: string;
  description: string;
  /** Whether it is an archive, and not a text. */
  archive: boolean;
}

/** The formats of documents that can be converted. */
export function formats(): DocumentFormat[] {
  return JSON.parse(called(() => loaded('documents', "'documents'").glue.formats())) as DocumentFormat[];
}

/** The name of the format of a file, by its name and its content. Undefined if it is not known, such as for plain text. */
export function formatOf(name: string, bytes: Uint8Array = new Uint8Array()): string | undefined {
  return called(() => loaded('documents', "'documents'").glue.formatOf(check.text(name, 'name'), check.bytes(bytes, 'bytes')));
}
