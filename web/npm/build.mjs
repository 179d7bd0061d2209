// Bundles and minifies the scripts of the package into `dist`, and minifies those that wasm-bindgen made in `wasm`.
import { readdir } from 'node:fs/promises';
import { build } from 'esbuild';

const settings = { format: 'esm', target: 'es2022', charset: 'utf8', minify: true, logLevel: 'warning' };
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
const glue = (await readdir('wasm')).filter((name) => name.endsWith('.js'));
await build({ ...settings, entryPoints: glue.map((name) => `wasm/${name}`), outdir: 'wasm', allowOverwrite: true });
