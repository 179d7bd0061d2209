"""The peers that are packages of Python, of which the first argument names one. Speaks as the crate `worker` does.

OpenCC, the C++ library, is also the reference.
"""

import json
import os
import pathlib
import sys
import time

ENOUGH = 0.1
PEER = sys.argv[1]
converters = {}

if PEER == "opencc":
    import opencc

    TOFU_RISK = "without-tofu-risk" not in sys.argv
    OWN_WORDS = {"s2t, 1,000 own words": "s2t", "s2twp, 1,000 own words": "s2twp"}
    CONFIGS = sorted(name.removesuffix(".json") for name in opencc.CONFIGS) + sorted(OWN_WORDS)

    def with_own_words(config):
        """The path of a configuration that has the own words in front of its first stage, and in its segmentation."""
        share = pathlib.Path(opencc.__file__).parent / "clib/share/opencc"
        text = (share / f"{config}.json").read_text(encoding="utf-8")
        parsed = json.loads(text, object_hook=lambda part: {
            key: str(share / value) if key == "file" else value for key, value in part.items()})
        words = os.environ["FANJIAN_PEERS_OWN_WORDS"]
        for place in [parsed["conversion_chain"][0], parsed.get("segmentation")]:
            if place:
                place["dict"]["dicts"].insert(0, {"type": "text", "file": words})
        path = pathlib.Path(words).with_name(f"{config} with own words.json")
        path.write_text(json.dumps(parsed), encoding="utf-8")
        return str(path)

    def load(config):
        path = with_own_words(OWN_WORDS[config]) if config in OWN_WORDS else config
        return opencc.OpenCC(path, include_tofu_risk_dictionaries=TOFU_RISK).convert

elif PEER == "zhtw":
    import zhtw

    # Words of Taiwan are always part of it.
    CONFIGS = ["s2twp"]

    def load(config):
        return zhtw.convert

elif PEER == "icu":
    import icu

    TRANSLITERATORS = {"s2t": "Simplified-Traditional", "t2s": "Traditional-Simplified"}
    CONFIGS = sorted(TRANSLITERATORS)

    def load(config):
        return icu.Transliterator.createInstance(TRANSLITERATORS[config]).transliterate


def converter(config):
    if config not in converters:
        converters[config] = load(config)
    return converters[config]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def seconds_of_first(request):
    start = time.process_time()
    load(request["config"])(request["text"])
    return time.process_time() - start


def seconds_of_call(request, texts):
    convert = converter(request["config"])
    seconds, times = 0, 0
    while seconds < ENOUGH:
        start = time.process_time()
        for text in texts:
            convert(text)
        seconds += time.process_time() - start
        times += len(texts)
    return seconds / times


def write(request):
    text = read(request["path"])
    convert = converter(request["config"])
    start = time.process_time()
    converted = convert(text)
    seconds = time.process_time() - start
    with open(request["output"], "w", encoding="utf-8", newline="") as file:
        file.write(converted)
    return seconds


def answer(request):
    match request["task"]:
        case "configs":
            return {"configs": CONFIGS}
        case "first":
            return {"seconds": seconds_of_first(request)}
        case "whole":
            return {"seconds": seconds_of_call(request, [read(request["path"])])}
        case "lines":
            return {"seconds": seconds_of_call(request, read(request["path"]).rstrip("\n").split("\n"))}
        case "write":
            return {"seconds": write(request)}


for line in sys.stdin:
    try:
        answered = answer(json.loads(line))
    except Exception as error:
        answered = {"error": repr(error)}
    print(json.dumps(answered), flush=True)
