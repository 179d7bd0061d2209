/** The API of the package `opencc-js`, by this one: `import * as OpenCC from 'fanjian/compat/opencc-js'`. */
import * as check from '../check.js';
import { Converter as OwnConverter } from '../converter.js';
import { FanjianError } from '../errors.js';
import './opencc-js-data.js';
import { htmlConverter, type HtmlConversion } from './html-converter.js';
import { keepingLoneSurrogates } from './lone-surrogates.js';

/** A way of writing: Simplified (`cn`), Traditional (`t`, `tw`, `hk`), with a region's words (`twp`, `hkp`), or Japanese. */
export type LocaleName = 'cn' | 'tw' | 'twp' | 'hk' | 'hkp' | 'jp' | 't';

/** A conversion of strings. */
export type ConvertText = (text: string) => string;

/** Built-in dictionaries, by their files: the first that has a key decides. */
interface BuiltInDictionaries {
  readonly files: readonly string[];
}

/** A dictionary: built in, pairs, or a text of keys and values with spaces between, and vertical lines between entries. */
export type DictLike = BuiltInDictionaries | readonly (readonly [string, string])[] | string;

/** Dictionaries of one stage. */
export type DictGroup = readonly DictLike[];

const PHRASES = ['STPhrases', 'STPhrases_GeneratedFromRegionalPhrases', 'STCharacters'];

/** The groups of dictionaries of each way of writing: to OpenCC's standard, and from it. */
export const Locale: Record<'from' | 'to', Record<string, DictGroup>> = {
  from: {
    cn: group(PHRASES),
    tw: group(['TWVariantsRevPhrases', 'TWVariantsRev']),
    twp: group(['TWPhrasesRev', 'TWVariantsRevPhrases', 'TWVariantsRev']),
    hk: group(['HKVariantsRevPhrases', 'HKVariantsRev']),
    hkp: group(['HKPhrasesRev', 'HKVariantsRevPhrases', 'HKVariantsRev']),
    jp: group(['JPShinjitaiPhrases', 'JPShinjitaiCharacters']),
    t: [],
  },
  to: {
    cn: group(['TSPhrases', 'TSCharacters']),
    tw: group(['TWVariantsPhrases', 'TWVariants']),
    twp: group(['TWPhrases', 'TWVariantsPhrases', 'TWVariants']),
    hk: group(['HKVariantsPhrases', 'HKVariants']),
    hkp: group(['HKPhrases', 'HKVariantsPhrases', 'HKVariants']),
    jp: group(['JPShinjitaiCharactersRev']),
    t: [],
  },
};

function group(files: string[]): DictGroup {
  return [{ files }];
}

/** The configurations that a pair of ways of writing is. */
const CONFIG_OF: Record<string, string> = {
  'cn t': 's2t', 'cn tw': 's2tw', 'cn twp': 's2twp', 'cn hk': 's2hk', 'cn hkp': 's2hkp', 't cn': 't2s', 'tw cn': 'tw2s',
  'twp cn': 'tw2sp', 'hk cn': 'hk2s', 'hkp cn': 'hk2sp', 't tw': 't2tw', 't hk': 't2hk', 'tw t': 'tw2t', 'hk t': 'hk2t',
  't jp': 't2jp', 'jp t': 'jp2t',
};

/** The conversion from one way of writing to another. */
export function Converter(options: { from?: LocaleName; to?: LocaleName } = {}): ConvertText {
  const { from = 'tw', to = 'cn' } = check.options(options, 'the argument of Converter', ['from', 'to']);
  const config = CONFIG_OF[`${from} ${to}`];
  if (config !== undefined) {
    return byConverter(new OwnConverter({ config }));
  }
  return ConverterFactory(known('from', from), known('to', to));
}

function known(direction: 'from' | 'to', name: string): DictGroup {
  const groups = Locale[direction];
  const found = Object.hasOwn(groups, check.text(name, direction)) ? groups[name] : undefined;
  if (found === undefined) {
    const names = Object.keys(groups).join(', ');
    throw new FanjianError('not-found', `unknown locale '${name}' to convert ${direction}: expected one of ${names}`);
  }
  return found;
}

/** The conversion by groups of dictionaries, one after the other. In a group, the longest key wins, and later dictionaries. */
export function ConverterFactory(...groups: DictGroup[]): ConvertText {
  const [first, second] = groups;
  if (groups.length === 2) {
    const name = (direction: 'from' | 'to', found: DictGroup | undefined) =>
      Object.keys(Locale[direction]).find((locale) => Locale[direction][locale] === found);
    const config = CONFIG_OF[`${name('from', first)} ${name('to', second)}`];
    if (config !== undefined) {
      return byConverter(new OwnConverter({ config }));
    }
  }
  const stages = groups.map((group, index) => check.array(group, `group ${index + 1}`, 'an array of dictionaries', dict));
  const chain = stages.filter((dictionaries) => dictionaries.length > 0).map((dictionaries) => ({ dict: stage(dictionaries) }));
  if (chain.length === 0) {
    return keepingLoneSurrogates((text) => check.text(text, 'text'));
  }
  return byConverter(new OwnConverter({ config: JSON.stringify({ conversion_chain: chain }) }));
}

/** The conversion by own words alone. */
export function CustomConverter(dictionary: DictLike = []): ConvertText {
  return ConverterFactory([dictionary]);
}

/** Converts the text of a part of a page that is in one language, and its name: see the package's documentation. */
export function HTMLConverter(convert: ConvertText, root: Element, from: string, to: string): HtmlConversion {
  return htmlConverter(convert, root, from, to);
}

function byConverter(converter: OwnConverter): ConvertText {
  return keepingLoneSurrogates((text) => converter.convert(text));
}

/** A stage of a configuration. */
type Dict =
  | { type: 'text'; file: string }
  | { type: 'inline'; entries: Record<string, string> }
  | { type: 'group'; match_policy: 'union' | 'short_circuit'; dicts: Dict[] };

function stage(dictionaries: Dict[]): Dict {
  // Of entries with one key, the first counts.
  return { type: 'group', match_policy: 'union', dicts: dictionaries.reverse() };
}

function dict(dictionary: unknown, index: number): Dict {
  if (typeof dictionary === 'string') {
    return { type: 'inline', entries: Object.fromEntries(pairs(dictionary)) };
  }
  if (isBuiltIn(dictionary)) {
    const dicts = dictionary.files.map((file): Dict => ({ type: 'text', file: `${file}.txt` }));
    return { type: 'group', match_policy: 'short_circuit', dicts };
  }
  const name = `dictionary ${index + 1}`;
  const wanted = 'a text, an array of pairs, or one of Locale';
  const entries = check.array(dictionary, name, wanted, (pair, at) => check.pair(pair, `${name}[${at}]`));
  return { type: 'inline', entries: Object.fromEntries(entries) };
}

/** Those of `Locale` alone have files. */
function isBuiltIn(dictionary: unknown): dictionary is BuiltInDictionaries {
  return typeof dictionary === 'object' && dictionary !== null && 'files' in dictionary && Array.isArray(dictionary.files);
}

/** The pairs of a text such as `香蕉 banana|蘋果 apple`. */
function pairs(text: string): [string, string][] {
  return text.split('|').map((entry) => {
    const [key = '', ...values] = entry.split(' ');
    return [key, values.join(' ')];
  });
}

export default { Converter, ConverterFactory, CustomConverter, HTMLConverter, Locale };
