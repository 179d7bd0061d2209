// Each of these runs in a process of its own: what one loads, another one would have.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** Runs code of a module with the package's names, and returns what it prints. */
function run(code) {
  const source = `import * as fanjian from 'fanjian'; const { convert, Converter, init } = fanjian;
    const failure = (call) => { try { call(); return 'none'; } catch (error) { return error.code + ': ' + error.message; } };
    ${code}`;
  const cwd = new URL('..', import.meta.url);
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], { cwd, encoding: 'utf8' }).trim();
}

test('nothing works before it is loaded', () => {
  assert.match(run("console.log(failure(() => convert('头', { config: 't2s' })))"), /^not-initialized: .*await init/);
});

test('a configuration alone is exact, also for rare characters', () => {
  const text = '頭髮乾了，裡面。⿱髮乾、\u{2f9b4}\uf900';
  const load = (what) => run(`await init(${what}); console.log(convert(${JSON.stringify(text)}, { config: 'tw2s' }))`);
  assert.equal(load("{ for: ['tw2s'] }"), load(''));
});

test('a stream of a configuration alone is exact', () => {
  const printed = run(`await init({ for: ['s2twp'] });
    const converter = new Converter({ config: 's2twp' });
    const text = '鼠标里的头发\u{2f9b4}干了⿱发干。U盘\uf900里'.repeat(3);
    const stream = converter.stream();
    const writer = stream.writable.getWriter();
    const writing = Promise.all([...text].map((piece) => writer.write(piece))).then(() => writer.close());
    let out = '';
    for await (const piece of stream.readable) out += piece;
    await writing;
    console.log(out === converter.convert(text), out.startsWith('滑鼠裡的頭髮'));`);
  assert.equal(printed, 'true true');
});

test('what is not loaded is an error that names it', () => {
  const printed = run(`await init({ for: ['t2s'] });
    console.log(failure(() => convert('头', { config: 's2t' })));
    console.log(failure(() => convert('头', { to: 'zh-TW' })));
    console.log(failure(() => convert('头', { config: 't2s', protect: ['a'] })));
    console.log(failure(() => new Converter({ config: 't2s' }).segments('头')));
    console.log(failure(() => fanjian.detect('头')));
    await init({ for: ['zh-TW'] });
    console.log(failure(() => convert('头', { to: 'zh-HK' })));
    console.log(failure(() => convert('头', { to: 'zh-TW', dict: [['a', 'b']] })));
    console.log(failure(() => new Converter({ to: 'zh-TW' }).convertDocument(new Uint8Array(), { as: 'html' })));
    console.log(failure(() => init({ for: ['zh'] })));
    await init({ for: ['dictionaries'] });
    console.log(failure(() => convert('头', { to: 'zh-TW', dict: [['a', 'b']], bothScripts: true })));`);
  const lines = printed.split('\n');
  for (const name of ['s2t', 'zh-TW', 'dictionaries', 'dictionaries', 'detection', 'zh-HK', 'dictionaries', 'documents', 'zh', 's2t']) {
    assert.match(lines.shift(), new RegExp(`^not-found: .*'${name}'`));
  }
});

test('more can be loaded later', () => {
  const printed = run(`await init({ for: ['t2s'] });
    const before = new Converter({ config: 't2s' });
    await Promise.all([init({ for: ['zh-TW'] }), init({ for: ['s2t', 'dictionaries'] }), init({ for: ['detection'] })]);
    console.log(before.convert('頭髮'), convert('头发', { to: 'zh-TW' }), convert('头发', { config: 's2t' }));
    console.log(fanjian.detect('頭髮裡').script);
    await init();
    console.log(fanjian.formats().length > 20, before.convert('頭髮'));`);
  assert.equal(printed, '头发 頭髮 頭髮\ntaiwan\ntrue 头发');
});

test('a converter has what is loaded after it', () => {
  const printed = run(`await init({ for: ['t2s', 's2t'] });
    const plain = new Converter({ config: 's2t' });
    const stream = plain.stream();
    const writer = stream.writable.getWriter();
    const reader = stream.readable.getReader();
    const reading = reader.read();
    await writer.write('头发后。头');
    await init({ for: ['zh-TW', 'dictionaries'] });
    console.log(plain.segments('头发').map(({ output }) => output).join(), plain.convertPieces(['头', '发']).join(), plain.convert('头发'));
    const [options, pairs] = [{ to: 'zh-TW' }, [['头', '首']]];
    const own = new Converter(Object.assign(Object.create(options), { dict: pairs, protect: ['后'] }));
    pairs[0][1] = '别';
    options.to = 'zh-HK';
    await init();
    const page = new TextEncoder().encode('<p>头，后</p>');
    console.log(new TextDecoder().decode(own.convertDocument(page, { as: 'html' })), own.convert('头，后'));
    console.log(new TextDecoder().decode(plain.convertDocument(page, { as: 'html' })), plain.convert('头'.repeat(200)).length);
    let out = (await reading).value;
    const writing = writer.write('发').then(() => writer.close());
    for (let next = await reader.read(); !next.done; next = await reader.read()) out += next.value;
    await writing;
    console.log(out);
    plain.free();
    console.log(failure(() => plain.segments('头')).slice(0, 6));`);
  assert.equal(printed, '頭髮 頭,髮 頭髮\n<p>首，后</p> 首，后\n<p>頭，後</p> 200\n頭髮後。頭髮\nfreed:');
});

test('configurations have their names in any case, whatever is loaded', () => {
  const printed = run(`await init({ for: ['s2twp'] });
    console.log(convert('鼠标', { config: 'S2TWP' }), convert('鼠标', { config: 's2twp.json' }), failure(() => convert('', { config: 's2x' })));`);
  assert.match(printed, /^滑鼠 滑鼠 not-found: .*'s2x'/);
});

test('the first conversion comes soon', () => {
  const printed = run(`const before = process.cpuUsage();
    await init({ for: ['s2twp'] });
    convert('鼠标里的头发', { config: 's2twp' });
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`);
  // In milliseconds of the processor, as a machine may do something else. It takes about 50.
  assert.ok(Number(printed) < 250, printed);
});

test('data can be given as bytes, without any URL', () => {
  const printed = run(`const { readFile } = await import('node:fs/promises');
    const asked = [];
    const data = (file) => { asked.push(file); return readFile('data/' + file); };
    const wasm = new WebAssembly.Module(await readFile('wasm/targets_bg.wasm'));
    globalThis.fetch = () => { throw new Error('no network'); };
    await init({ for: ['zh-TW'], wasm, data });
    await init({ for: ['t2s'], data: async (file) => new Uint8Array(await data(file)).buffer });
    await init({ for: ['s2t'], data: async (file) => new Response(await data(file)) });
    console.log(asked.join(), convert('头发', { to: 'zh-TW' }), convert('頭髮', { config: 't2s' }), convert('头发', { config: 's2t' }));`);
  assert.equal(printed, 'zh-TW.bin,t2s.bin,normalization.txt,s2t.bin 頭髮 头发 頭髮');
});

test('data that cannot be loaded is an error that names the place, and can be tried again', () => {
  const printed = run(`const rejection = (promise) => promise.catch((error) => error.code + ' ' + error.message);
    console.log(await rejection(init({ data: new URL('file:///nowhere/'), for: ['t2s'] })));
    for (const returned of [undefined, 'text', new Response('no', { status: 404, statusText: 'Not Found' }), Promise.reject(new Error('gone'))]) {
      console.log(await rejection(init({ data: () => returned, for: ['t2s'] })));
    }
    console.log(await rejection(init({ wasm: new Response('no', { status: 404 }), for: ['t2s'] })));
    console.log(await rejection(init({ wasm: Promise.reject(new Error('no network')), for: ['t2s'] })));
    console.log(await rejection(init({ wasm: new Uint8Array(8), for: ['t2s'] })));
    await init({ for: ['t2s'] });
    console.log(convert('頭髮', { config: 't2s' }));`);
  const lines = printed.split('\n');
  assert.match(lines[0], /^io cannot load file:\/\/\/nowhere\/\w+\.(?:bin|txt): .*ENOENT/);
  const why = [/what it returned must be bytes, or a response with them, not undefined/, /not string/, /404 Not Found/, /gone/];
  why.forEach((why, index) => assert.match(lines[1 + index], new RegExp(`^io cannot load '[\\w.]+', which 'data' was called for: .*${why.source}`)));
  for (const line of lines.slice(5, -1)) assert.match(line, /^io cannot load the WebAssembly that was given: |^io cannot load the WebAssembly for 'engine': Error: no network/);
  assert.equal(lines.at(-1), '头发');
});

test('data of another build is an error, and so is what is none, for each file', () => {
  const printed = run(`const { cp, mkdtemp, readdir, readFile, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { pathToFileURL } = await import('node:url');
    const folder = await mkdtemp(tmpdir() + '/fanjian-data-');
    const names = await readdir('data');
    const mark = 'fanjian data '.length;
    const data = pathToFileURL(folder + '/');
    for (const name of names) {
      await cp('data', folder, { recursive: true });
      const bytes = await readFile('data/' + name);
      // As another build would have it, all is right but the stamp.
      const other = Buffer.concat([bytes.subarray(0, mark), Buffer.from('0'.repeat(16)), bytes.subarray(mark + 16)]);
      const purpose = { 'normalization.txt': { for: ['s2t'] }, 'configs.bin': {}, 'targets.bin': {} };
      const options = { data, ...(name in purpose ? purpose[name] : { for: [name.split('.')[0]] }) };
      for (const given of [other, Buffer.from('<!doctype html>'), Buffer.alloc(0)]) {
        await writeFile(folder + '/' + name, given);
        const error = await init(options).catch((error) => error);
        console.log(error instanceof fanjian.FanjianError, error?.code, error?.message.includes(data.href + name));
      }
    }
    await rm(folder, { recursive: true });
    await init();
    console.log(convert('頭髮', { config: 't2s' }), convert('头发', { to: 'zh-TW' }));`);
  const lines = printed.split('\n');
  assert.equal(lines.pop(), '头发 頭髮');
  assert.equal(lines.length, 3 * (16 + 1 + 4 + 1 + 2));
  lines.forEach((line, index) => assert.equal(line, `true ${index % 3 === 0 ? 'version' : 'damaged'} true`));
});

test('what cannot be loaded can be tried again', () => {
  const printed = run(`const wasm = new URL('file:///nowhere.wasm');
    const failed = await init({ wasm, for: ['t2s'] }).catch((error) => error);
    console.log(failed.code, failed.message.includes('nowhere.wasm'));
    await init({ for: ['t2s'] });
    console.log(convert('頭髮', { config: 't2s' }));`);
  assert.equal(printed, 'io true\n头发');
});

test('a page that cannot be converted as a whole stays, and leaves no converter', () => {
  const printed = run(`await init({ for: ['s2t'] });
    const { parseHTML } = await import('linkedom');
    const { convertDom } = await import('fanjian/dom');
    const { body } = parseHTML('<html><body lang="zh-CN"><p title="头">头发</p><p>头<b>发</b></p></body></html>').document;
    let freed = 0;
    const { free } = Converter.prototype;
    Converter.prototype.free = function () { freed += 1; free.call(this); };
    const source = body.outerHTML;
    console.log(failure(() => convertDom(body, { config: 's2t' }, { lang: 'zh-TW' })), body.outerHTML === source, freed);
    const own = new Converter({ config: 's2t' });
    console.log(failure(() => convertDom(body, own)), body.outerHTML === source, freed, own.convert('头发'));`);
  assert.match(printed, /^not-found: .*convertPieces.* true 1\nnot-found: .* true 1 頭髮$/);
});
