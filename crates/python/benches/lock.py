"""How much of the time for a list of short texts is spent under the interpreter's lock, and what two threads can gain.

Prints, for each configuration, CPU nanoseconds per text of `convert_many` with one thread, those of what it does in Python
alone (joining and encoding the texts, decoding and splitting the results), and the greatest gain of a second thread: the
part under the lock is done by one thread at a time.

    python crates/python/benches/lock.py FILE

FILE has text in Simplified Chinese, such as target/corpus/simplified.txt; its first 100,000 lines are cut to 20 characters.
"""

import statistics
import sys
import time

import fanjian

TEXTS = 100_000
CHARACTERS = 20
ROUNDS = 15
# About as many texts as fit into a batch of `src/many.rs`.
BATCH = 64 * 1024 // (3 * CHARACTERS)


def in_python(texts, results):
    """What `convert_many` does with objects of Python, without a conversion: `results` are the converted batches."""
    converted = []
    for start, result in zip(range(0, len(texts), BATCH), results):
        "\0".join(texts[start:start + BATCH]).encode()
        converted[len(converted):] = result.decode().split("\0")
    return converted


def nanoseconds(work, *arguments):
    """CPU time of a call for each text."""
    start = time.process_time()
    work(*arguments)
    return (time.process_time() - start) / TEXTS * 1e9


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = [line.strip()[:CHARACTERS] for line, _ in zip(file, range(TEXTS))]
    for config in ["s2t", "s2twp"]:
        converter = fanjian.Converter(config)
        converted = converter.convert_many(texts)
        results = ["\0".join(converted[start:start + BATCH]).encode() for start in range(0, len(texts), BATCH)]
        whole, locked = [], []
        for _ in range(ROUNDS):
            whole.append(nanoseconds(converter.convert_many, texts))
            locked.append(nanoseconds(in_python, texts, results))
        whole, locked = statistics.median(whole), statistics.median(locked)
        gain = min(2, whole / locked)
        print(f"{config}: {whole:.0f} ns, {locked:.0f} ns of them under the lock ({locked / whole:.0%}): "
              f"at most {gain:.2f} times as fast with two threads")


main()
