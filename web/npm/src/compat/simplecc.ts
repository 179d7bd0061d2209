/** The API of the package `simplecc-wasm`, by this one: `import { simplecc } from 'fanjian/compat/simplecc'`. */
import { convert } from '../converter.js';
import './simplecc-data.js';
import { keepingLoneSurrogates } from './lone-surrogates.js';

/** The configurations that `simplecc-wasm` has, and the others of OpenCC. */
export type SimpleccConfig = 's2t' | 't2s' | 's2tw' | 's2hk' | 's2twp' | 'hk2s' | (string & {});

/** Converts a text by a configuration of OpenCC, such as `s2t`. */
export function simplecc(text: string, config: SimpleccConfig): string {
  return keepingLoneSurrogates((part) => convert(part, { config }))(text);
}

/** Resolves at once: what is needed has been loaded with this module. */
export default async function ready(): Promise<void> {}
