import { FanjianError } from '../errors.js';

/**
 * The conversion of a text as other packages do it: lone surrogates, which a text has that was cut within a character, stay, and what
 * is around them is converted. No word has one in it, so that each part is converted as it is in the whole.
 */
export function keepingLoneSurrogates(convert: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return convert(text);
    } catch (error) {
      if (!(error instanceof FanjianError && error.code === 'lone-surrogate')) {
        throw error;
      }
      const parts = text.split(/(\p{Surrogate}+)/u);
      return parts.map((part, index) => (index % 2 === 0 ? convert(part) : part)).join('');
    }
  };
}
