// Runs in every engine that JavaScript has outside browsers, without a test runner, which they do not share: what the package
// does there is what it does in Node. Prints the engine; fails with an error.
import { equal } from 'node:assert/strict';
import { convert, Converter, detect, init } from 'fanjian';

const engine = globalThis.Deno ? `Deno ${Deno.version.deno}` : process.versions.bun ? `Bun ${process.versions.bun}` : `Node ${process.versions.node}`;

// One purpose after the other, so that WebAssembly and data of each are read.
await init({ for: ['s2twp'] });
equal(convert('鼠标里的头发', { config: 's2twp' }), '滑鼠裡的頭髮');
const megabyte = '鼠标里的头发。'.repeat(50_000);
equal(convert(megabyte, { config: 's2twp' }), '滑鼠裡的頭髮。'.repeat(50_000));

await init({ for: ['zh-TW'] });
equal(new Converter({ to: 'zh-TW', vocabulary: 'local' }).convert('这里有一只滑鼠，还有软件'), '這裡有一隻滑鼠，還有軟體');

await init();
equal(detect('鼠标里的头发').script, 'simplified');
const own = new Converter({ config: 's2twp', dict: [['云原生', '雲端原生']] });
equal(own.convert('云原生软件'), '雲端原生軟體');
const page = new TextEncoder().encode('<p lang="zh-CN">头发</p>');
equal(new TextDecoder().decode(own.convertDocument(page, { as: 'html' })), '<p lang="zh-TW">頭髮</p>');

const stream = own.stream();
const writer = stream.writable.getWriter();
const writing = Promise.all(['头', '发和', '鼠标'].map((piece) => writer.write(piece))).then(() => writer.close());
let streamed = '';
for await (const piece of stream.readable) {
  streamed += piece;
}
await writing;
equal(streamed, '頭髮和滑鼠');

console.log(`${engine}: as expected`);
