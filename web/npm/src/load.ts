import type * as Documents from '../wasm/documents.js';
import * as check from './check.js';
import { called, FanjianError } from './errors.js';
import { DATA, filesFor, PURPOSES, VARIANTS, WASM, type DataName, type Purpose, type Variant } from './files.js';
import { checked, read } from './read.js';

/** Where compiled WebAssembly comes from. */
export type WasmSource = URL | BufferSource | Response | WebAssembly.Module;

/** Where data come from: their folder, a URL that ends with a slash; or a function from the name of a file to what is in it. */
export type DataSource = URL | ((file: string) => BufferSource | Response | Promise<BufferSource | Response>);

export interface InitOptions {
  /**
   * What the program needs: configurations such as `s2twp` and targets such as `zh-TW`; `dictionaries` for reasons of
   * configurations (`segments`) and for own words, protected terms and preferred characters; `detection`; `documents`.
   * Without it, all is loaded.
   */
  for?: readonly Purpose[];
  /**
   * The WebAssembly, where it is not beside the package's own files: the folder of it, a URL that ends with a slash, or
   * `documents_bg.wasm`, or the one for what is needed.
   */
  wasm?: WasmSource | Promise<WasmSource>;
  /**
   * The package's data, where they are not beside its own files. A function is called with the name of each file of the folder `data`
   * that is needed, such as `s2twp.bin`: for programs that have the files as bytes, or in a store without URLs.
   */
  data?: DataSource;
}

/** The functions of a WebAssembly: those of `documents`, or some of them. */
export type Glue = typeof Documents;

/** A WebAssembly that is loaded. */
export interface Loaded {
  glue: Glue;
  memory: WebAssembly.Memory;
  variant: Variant;
  data: Set<DataName>;
}

/** The names of options. */
const OPTIONS = ['for', 'wasm', 'data'] as const satisfies (keyof InitOptions)[];

let current: Loaded | undefined;
/** Loading goes on one after the other. */
let last: Promise<void> = Promise.resolve();
/** The promises of loading, by what is loaded. */
const pending = new Map<string, Promise<void>>();

/**
 * Loads the WebAssembly and the data. Must have been awaited before anything else is called. Further calls add what is not
 * loaded yet; a call for what is loaded already returns the same promise as the one before.
 */
export function init(options: InitOptions = {}): Promise<void> {
  const { for: purposes, wasm, data } = check.options(options, 'the argument of init', OPTIONS);
  check.optionalUrlOrFunction(data, 'data');
  const names = purposes === undefined ? undefined : check.texts(purposes, 'for');
  const unknown = names?.find((name) => !(PURPOSES as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new FanjianError('not-found', `no data for '${unknown}': expected some of ${PURPOSES.join(', ')}`);
  }
  // No purpose has the name of all.
  const key = names === undefined ? 'all' : [...new Set(names)].sort().join();
  const known = pending.get(key);
  if (known !== undefined) {
    return known;
  }
  // It is awaited when its turn comes, and may fail before.
  Promise.resolve(wasm).catch(() => undefined);
  // Files that were read for what failed may be from elsewhere, or damaged.
  const loading = last.then(() => load(names as Purpose[] | undefined, wasm, data)).finally(() => files.clear());
  last = loading.catch(() => undefined);
  pending.set(key, loading);
  // What failed can be tried again.
  loading.catch(() => pending.delete(key));
  return loading;
}

async function load(purposes: Purpose[] | undefined, wasm: InitOptions['wasm'], source: DataSource | undefined): Promise<void> {
  const wanted = filesFor(purposes);
  const data = new Set<DataName>([...wanted.data.filter((name) => !isCovered(name)), ...(current?.data ?? [])]);
  if (current === undefined || !has(current, wanted.variant)) {
    // Data and code at once.
    const [next] = await Promise.all([instantiate(wanted.variant, wasm), ...[...data].map((name) => fetched(name, source))]);
    await add(next, data, source);
    current = next;
  } else {
    await add(current, data, source);
  }
}

/** Whether a file with more has been loaded. */
function isCovered(name: DataName): boolean {
  const { kind } = DATA[name];
  return (kind === 'tables' && current?.data.has('configs')) || (kind === 'targets' && current?.data.has('targets')) || false;
}

async function instantiate(variant: Variant, wasm: InitOptions['wasm']): Promise<Loaded> {
  let place = `the WebAssembly for '${variant}'`;
  try {
    const glue = await glueOf(variant);
    const given = await wasm;
    const isFolder = given instanceof URL && given.pathname.endsWith('/');
    const source = isFolder ? new URL(`${variant}_bg.wasm`, given) : given ?? WASM[variant]();
    place = source instanceof URL ? source.href : 'the WebAssembly that was given';
    const { memory } = await glue.default({ module_or_path: source instanceof URL ? await read(source) : source });
    return { glue, memory, variant, data: new Set() };
  } catch (error) {
    throw cannotLoad(place, error);
  }
}

async function glueOf(variant: Variant): Promise<Glue> {
  switch (variant) {
    case 'engine':
      return (await import('../wasm/engine.js')) as unknown as Glue;
    case 'targets':
      return (await import('../wasm/targets.js')) as unknown as Glue;
    case 'documents':
      return import('../wasm/documents.js');
  }
}

/** A file of data, and where it is from. */
interface DataFile {
  place: string;
  bytes: Uint8Array;
}

/** Files of data that are being read, until they are added. */
const files = new Map<DataName, Promise<DataFile>>();

function fetched(name: DataName, source: DataSource | undefined): Promise<DataFile> {
  let file = files.get(name);
  if (file === undefined) {
    file = readData(name, source);
    files.set(name, file);
  }
  return file;
}

async function readData(name: DataName, source: DataSource | undefined): Promise<DataFile> {
  let place = `the data of '${name}'`;
  try {
    if (typeof source === 'function') {
      const file = fileName(name);
      place = `'${file}', which 'data' was called for`;
      return { place, bytes: await bytesOf(await source(file)) };
    }
    // Where a bundler makes no module, there is no URL of one, from which the package's own begin.
    const url = source === undefined ? DATA[name].url() : new URL(fileName(name), source);
    place = url.href;
    return { place, bytes: await bytesOf(await read(url)) };
  } catch (error) {
    throw cannotLoad(place, error);
  }
}

async function bytesOf(found: Uint8Array | BufferSource | Response): Promise<Uint8Array> {
  if (found instanceof Response) {
    return new Uint8Array(await checked(found).arrayBuffer());
  }
  if (ArrayBuffer.isView(found)) {
    return new Uint8Array(found.buffer, found.byteOffset, found.byteLength);
  }
  return new Uint8Array(check.buffer(found, 'what it returned'));
}

function fileName(name: DataName): string {
  return `${name}.${DATA[name].kind === 'dictionaries' ? 'txt' : 'bin'}`;
}

async function add(loaded: Loaded, data: Iterable<DataName>, source: DataSource | undefined): Promise<void> {
  for (const name of data) {
    if (loaded.data.has(name)) {
      continue;
    }
    addFile(loaded, name, await fetched(name, source));
  }
}

function addFile({ glue, data }: Loaded, name: DataName, { place, bytes }: DataFile): void {
  const add = { tables: glue.addTables, targets: glue.addTargets, dictionaries: glue.addDictionaries }[DATA[name].kind];
  try {
    called(() => add(bytes));
  } catch (error) {
    const { code, message } = error as FanjianError;
    throw new FanjianError(code, `cannot use ${place}: ${message}`, { cause: error });
  }
  data.add(name);
}

/** Takes a WebAssembly and files of data that have been read. */
export function useNow(next: Loaded, files: Iterable<readonly [DataName, DataFile]>): void {
  for (const [name, file] of files) {
    addFile(next, name, file);
  }
  current = next;
}

export function cannotLoad(place: string, error: unknown): FanjianError {
  return new FanjianError('io', `cannot load ${place}: ${String(error)}`, { cause: error });
}

/** Texts of at most this many code units are made strings as numbers, which takes longer with more. */
const MOST_AS_NUMBERS = 512;
const UTF16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Node's `Buffer`: those that bundlers add to pages decode slowly. */
function nodeBuffer(): typeof import('node:buffer').Buffer | undefined {
  const { Buffer, process } = globalThis as { Buffer?: typeof import('node:buffer').Buffer; process?: NodeJS.Process };
  return process?.versions?.node === undefined ? undefined : Buffer;
}

/** The string of code units in memory. */
function stringAt({ buffer }: WebAssembly.Memory, place: number, length: number): string {
  if (length > MOST_AS_NUMBERS) {
    // Node decodes faster so than by a TextDecoder.
    const units = nodeBuffer()?.from(buffer, place, 2 * length);
    return units?.toString('utf16le') ?? UTF16.decode(new Uint16Array(buffer, place, length));
  }
  return String.fromCharCode.apply(null, new Uint16Array(buffer, place, length) as unknown as number[]);
}

/** The text of this length that a function of the WebAssembly has put out. */
export function putOut({ glue, memory }: Loaded, length: number): string {
  try {
    return stringAt(memory, glue.outputPlace(), length);
  } finally {
    glue.freeOutput();
  }
}

/** What is loaded. An error if `variant`, or nothing, is not. */
export function loaded(variant: Variant = 'engine', what = 'this'): Loaded {
  if (current === undefined) {
    throw new FanjianError('not-initialized', "nothing is loaded: 'await init()' comes before anything else");
  }
  if (!has(current, variant)) {
    throw new FanjianError('not-found', `the code for ${what} is not loaded: name it in 'await init({ for: [...] })'`);
  }
  return current;
}

/** Whether a WebAssembly has what `variant` has. */
export function has(loaded: Loaded, variant: Variant): boolean {
  return VARIANTS.indexOf(loaded.variant) >= VARIANTS.indexOf(variant);
}
