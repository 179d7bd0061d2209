// Bundles and minifies the scripts of the package into `dist`, and minifies those that wasm-bindgen made in `wasm`.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const settings = {
  format: 'esm', target: 'es2022', charset: 'utf8', minify: true, logLevel: 'warning',
  // `sideEffects` of package.json is for those who use the package: its own modules that load something are imported for that alone.
  ignoreAnnotations: true,
};
await build({
  ...settings,
  entryPoints: ['index', 'dom', 'internal', 'compat/opencc-js', 'compat/simplecc'].map((name) => `src/${name}.ts`),
  outdir: 'dist',
  bundle: true,
  // What several of them import is one file, which is loaded once. It is in `dist` itself, out of which `../wasm` is found.
  splitting: true,
  // A converter is shown as one, not as `e {}`.
  keepNames: true,
  external: ['../wasm/*'],
});
// The modules that load what they need, for `require`, which cannot wait for that. Beside the others, out of which `../wasm` is found.
const now = {
  name: 'now',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/\S+-data\.js$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace(/js$/, 'node.ts')) })),
};
await build({
  ...settings,
  format: 'cjs',
  platform: 'node',
  entryPoints: ['opencc-js', 'simplecc'].map((name) => `src/compat/${name}.ts`),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  keepNames: true,
  plugins: [now],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
for (const name of ['opencc-js', 'simplecc']) {
  // To TypeScript, a `.d.cts` is CommonJS, which may take types of modules only with this attribute.
  const types = await readFile(`dist/compat/${name}.d.ts`, 'utf8');
  const from = /^import \{ type (.*) \} from '\.\/(.*)';$/gm;
  await writeFile(`dist/${name}.d.cts`, types.replaceAll(from, "import type { $1 } from './compat/$2' with { 'resolution-mode': 'import' };"));
}
const glue = (await readdir('wasm')).filter((name) => name.endsWith('.js'));
await build({ ...settings, entryPoints: glue.map((name) => `wasm/${name}`), outdir: 'wasm', allowOverwrite: true });
