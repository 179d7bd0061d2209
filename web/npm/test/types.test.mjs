// The examples of the documentation, as strict TypeScript.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What examples use of the program around them. */
const AROUND = {
  init: "import { init } from 'fanjian';",
  converter: "declare const converter: import('fanjian').Converter;",
  bytes: 'declare const bytes: Uint8Array;',
  response: 'declare const response: Response & { body: ReadableStream<Uint8Array<ArrayBuffer>> };',
  show: 'declare function show(text: string): void;',
};

/** The examples of a page, by the names of their files: beside the package's own, where `fanjian` is this package. */
function examples(path) {
  const blocks = [...readFileSync(file(path), 'utf8').matchAll(/^```(?:js|ts)\n(.*?)^```$/gms)];
  return blocks.map(([, code], index) => {
    const isMissing = (name) => new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(?:const\\s+|import [^;]*)\\b${name}\\b`).test(code);
    const around = Object.keys(AROUND).filter(isMissing).map((name) => AROUND[name]);
    return [file(`../${path.replace(/\W+/g, '-')}-${index + 1}.ts`), `${code}\n${around.join('\n')}\nexport {};\n`];
  });
}

test('the examples are right by the types of the package', () => {
  const sources = new Map([...examples('../README.md'), ...examples('../../../docs/javascript.md')]);
  assert.ok(sources.size >= 6);
  const options = {
    module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...more) => {
    const code = sources.get(name);
    return code === undefined ? getSourceFile.call(host, name, languageVersion, ...more) : ts.createSourceFile(name, code, languageVersion);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const found = ts.getPreEmitDiagnostics(program);
  assert.equal(ts.formatDiagnostics(found, { ...host, getCanonicalFileName: (name) => name }), '');
});
