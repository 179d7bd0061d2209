import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Converter, FanjianError, init } from 'fanjian';

before(() => init());

const TEXT = '他的头发干了，𠮷野家里“他说：‘走’”\n云原生的软件，一只猫\n'.repeat(3);

const CONVERTERS = [
  { config: 's2twp' },
  { config: 't2s' },
  { to: 'zh-TW', vocabulary: 'local', punctuation: 'local' },
  { to: 'zh-CN' },
  { config: 's2twp', dict: [['云原生', '雲端原生']], protect: ['野家'] },
];

async function streamed(converter, pieces) {
  const stream = converter.stream();
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    for (const piece of pieces) {
      await writer.write(piece);
    }
    await writer.close();
  })();
  // Both are awaited below.
  writing.catch(() => {});
  let out = '';
  for await (const piece of stream.readable) {
    out += piece;
  }
  await writing;
  return out;
}

test('what comes out does not depend on the cuts, also within characters', async () => {
  for (const options of CONVERTERS) {
    const converter = new Converter(options);
    const whole = converter.convert(TEXT);
    assert.equal(await streamed(converter, TEXT.split('')), whole);
    for (let seed = 1; seed < 20; seed++) {
      const pieces = [];
      for (let at = 0; at < TEXT.length; ) {
        const len = (seed * 7 + at * 13) % (seed + 3);
        pieces.push(TEXT.slice(at, at + len));
        at += Math.max(len, 1) - (len === 0 ? 1 : 0);
        if (len === 0) {
          pieces.push(TEXT.slice(at, at + 1));
          at += 1;
        }
      }
      assert.equal(pieces.join(''), TEXT);
      assert.equal(await streamed(converter, pieces), whole, JSON.stringify(options));
    }
  }
});

test('a stream puts out what can be decided', async () => {
  const stream = new Converter({ config: 's2t' }).stream();
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  const written = writer.write('我的头');
  assert.equal((await reader.read()).value, '我的');
  await written;
  const closed = writer.close();
  assert.equal((await reader.read()).value, '頭');
  await closed;
});

test('what is no text is an error of the stream', async () => {
  const converter = new Converter({ config: 's2t' });
  const has = (code) => (error) => error instanceof FanjianError && error.code === code;
  await assert.rejects(streamed(converter, ['头', 3]), has('type'));
  await assert.rejects(streamed(converter, ['头\udc00发']), has('lone-surrogate'));
  await assert.rejects(streamed(converter, ['头\ud842', '发']), has('lone-surrogate'));
  await assert.rejects(streamed(converter, ['头\ud842']), has('lone-surrogate'));
});

test('long texts are converted piece by piece, to the same', () => {
  for (const options of CONVERTERS) {
    const converter = new Converter(options);
    const lines = TEXT.split('\n');
    const text = 'a'.repeat((1 << 20) - 1) + '𠮷' + TEXT.repeat(10_000);
    const converted = converter.convert(text);
    const end = converter.convert(TEXT);
    assert.ok(converted.startsWith('aaa') && converted.endsWith(end.slice(-20)), lines[0]);
    assert.equal(converted.length, (1 << 20) + 1 + 10_000 * end.length);
  }
});

test('a stream waits for its reader', async () => {
  const stream = new Converter({ config: 's2t' }).stream();
  const writer = stream.writable.getWriter();
  let written = 0;
  const writing = (async () => {
    for (let i = 0; i < 50; i++) {
      await writer.ready;
      void writer.write('头发。');
      written += 1;
    }
    await writer.close();
  })();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(written <= 2, `${written} pieces were taken before any was read`);
  let out = '';
  for await (const piece of stream.readable) {
    out += piece;
  }
  await writing;
  assert.equal(out, '頭髮。'.repeat(50));
});

test('a stream can be aborted and canceled, and the converter is used on', async () => {
  const converter = new Converter({ config: 's2t' });
  const reason = new Error('enough');
  for (const end of [(stream) => stream.readable.cancel(reason), (stream) => stream.writable.abort(reason)]) {
    const stream = converter.stream();
    await end(stream);
    await assert.rejects(stream.writable.getWriter().write('头'), (error) => error === reason || error instanceof TypeError);
  }
  const controller = new AbortController();
  const endless = new ReadableStream({ pull: (source) => source.enqueue('头发。') });
  let pieces = 0;
  const sink = new WritableStream({
    write() {
      pieces += 1;
      if (pieces === 10) controller.abort(reason);
    },
  });
  await assert.rejects(endless.pipeThrough(converter.stream()).pipeTo(sink, { signal: controller.signal }), reason);
  assert.ok(pieces >= 10 && pieces < 20, `${pieces} pieces`);
  // An error in the middle leaves a reader with that error.
  await assert.rejects(streamed(converter, ['头', '\udc00', '发']), { code: 'lone-surrogate' });
  assert.equal(await streamed(converter, ['头', '发']), '頭髮');
});
