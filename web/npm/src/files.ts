/**
 * The WebAssembly of each purpose, from the smallest on, each with what the ones before it have: configurations as they are;
 * targets, all choices, reasons and detection; documents.
 */
export const VARIANTS = ['engine', 'targets', 'documents'] as const;

export type Variant = (typeof VARIANTS)[number];

/** The configurations, each with data of its own. */
export const CONFIGS = [
  's2t', 's2tw', 's2twp', 's2hk', 's2hkp', 't2s', 'tw2s', 'tw2sp', 'hk2s', 'hk2sp', 't2tw', 't2hk', 'tw2t', 'hk2t', 't2jp',
  'jp2t',
] as const;

/** The targets, each with data of its own. */
export const TARGETS = ['zh-Hans', 'zh-Hant', 'zh-TW', 'zh-HK'] as const;

/** A file of data: what the WebAssembly takes it as, and where it is. Bundlers find the files by these expressions. */
interface DataFile {
  kind: 'tables' | 'targets' | 'dictionaries';
  url: () => URL;
}

export const WASM: Record<Variant, () => URL> = {
  engine: () => new URL('../wasm/engine_bg.wasm', import.meta.url),
  targets: () => new URL('../wasm/targets_bg.wasm', import.meta.url),
  documents: () => new URL('../wasm/documents_bg.wasm', import.meta.url),
};

export const DATA = {
  s2t: { kind: 'tables', url: () => new URL('../data/s2t.bin', import.meta.url) },
  s2tw: { kind: 'tables', url: () => new URL('../data/s2tw.bin', import.meta.url) },
  s2twp: { kind: 'tables', url: () => new URL('../data/s2twp.bin', import.meta.url) },
  s2hk: { kind: 'tables', url: () => new URL('../data/s2hk.bin', import.meta.url) },
  s2hkp: { kind: 'tables', url: () => new URL('../data/s2hkp.bin', import.meta.url) },
  t2s: { kind: 'tables', url: () => new URL('../data/t2s.bin', import.meta.url) },
  tw2s: { kind: 'tables', url: () => new URL('../data/tw2s.bin', import.meta.url) },
  tw2sp: { kind: 'tables', url: () => new URL('../data/tw2sp.bin', import.meta.url) },
  hk2s: { kind: 'tables', url: () => new URL('../data/hk2s.bin', import.meta.url) },
  hk2sp: { kind: 'tables', url: () => new URL('../data/hk2sp.bin', import.meta.url) },
  t2tw: { kind: 'tables', url: () => new URL('../data/t2tw.bin', import.meta.url) },
  t2hk: { kind: 'tables', url: () => new URL('../data/t2hk.bin', import.meta.url) },
  tw2t: { kind: 'tables', url: () => new URL('../data/tw2t.bin', import.meta.url) },
  hk2t: { kind: 'tables', url: () => new URL('../data/hk2t.bin', import.meta.url) },
  t2jp: { kind: 'tables', url: () => new URL('../data/t2jp.bin', import.meta.url) },
  jp2t: { kind: 'tables', url: () => new URL('../data/jp2t.bin', import.meta.url) },
  configs: { kind: 'tables', url: () => new URL('../data/configs.bin', import.meta.url) },
  'zh-Hans': { kind: 'targets', url: () => new URL('../data/zh-Hans.bin', import.meta.url) },
  'zh-Hant': { kind: 'targets', url: () => new URL('../data/zh-Hant.bin', import.meta.url) },
  'zh-TW': { kind: 'targets', url: () => new URL('../data/zh-TW.bin', import.meta.url) },
  'zh-HK': { kind: 'targets', url: () => new URL('../data/zh-HK.bin', import.meta.url) },
  targets: { kind: 'targets', url: () => new URL('../data/targets.bin', import.meta.url) },
  normalization: { kind: 'dictionaries', url: () => new URL('../data/normalization.txt', import.meta.url) },
  dictionaries: { kind: 'dictionaries', url: () => new URL('../data/dictionaries.txt', import.meta.url) },
} as const satisfies Record<string, DataFile>;

export type DataName = keyof typeof DATA;

/** The configurations that detection looks at. */
const OF_DETECTION = ['t2s', 'tw2t', 'hk2t', 't2tw', 't2hk', 'jp2t'] as const;

/** What a program can ask for. */
export const PURPOSES = [...CONFIGS, ...TARGETS, 'dictionaries', 'detection', 'documents'] as const;

export type Purpose = (typeof PURPOSES)[number];

function isOneOf<T extends string>(name: string, names: readonly T[]): name is T {
  return (names as readonly string[]).includes(name);
}

/** The WebAssembly and the data that these purposes need; all, without any. */
export function filesFor(purposes: readonly Purpose[] | undefined): { variant: Variant; data: DataName[] } {
  if (purposes === undefined) {
    return { variant: 'documents', data: ['configs', 'normalization', 'dictionaries', 'targets'] };
  }
  let variant: Variant = 'engine';
  const data = new Set<DataName>();
  for (const purpose of purposes) {
    if (isOneOf(purpose, CONFIGS)) {
      data.add(purpose).add('normalization');
    } else if (isOneOf(purpose, TARGETS)) {
      data.add(purpose);
    } else if (purpose === 'dictionaries') {
      data.add('dictionaries').add('normalization');
    } else if (purpose === 'detection') {
      OF_DETECTION.forEach((config) => data.add(config));
      data.add('dictionaries').add('normalization');
    }
    if (purpose === 'documents') {
      variant = 'documents';
    } else if (!isOneOf(purpose, CONFIGS) && variant === 'engine') {
      variant = 'targets';
    }
  }
  // One file has all configurations, and not much more than the largest alone.
  if (CONFIGS.every((config) => data.has(config))) {
    CONFIGS.forEach((config) => data.delete(config));
    data.add('configs');
  }
  return { variant, data: [...data] };
}
