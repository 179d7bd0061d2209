"""The peer OpenCC, the C++ library, called from Python; and the reference. Speaks as the crate `worker` does."""

import json
import sys
import time

import opencc

ENOUGH = 0.1
TOFU_RISK = "without-tofu-risk" not in sys.argv
converters = {}


def load(config):
    return opencc.OpenCC(config, include_tofu_risk_dictionaries=TOFU_RISK)


def converter(config):
    if config not in converters:
        converters[config] = load(config)
    return converters[config]


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def seconds_of_first(request):
    start = time.process_time()
    load(request["config"]).convert(request["text"])
    return time.process_time() - start


def seconds_of_call(request, texts):
    convert = converter(request["config"]).convert
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
    convert = converter(request["config"]).convert
    start = time.process_time()
    converted = convert(text)
    seconds = time.process_time() - start
    with open(request["output"], "w", encoding="utf-8", newline="") as file:
        file.write(converted)
    return seconds


def answer(request):
    match request["task"]:
        case "configs":
            return {"configs": sorted(name.removesuffix(".json") for name in opencc.CONFIGS)}
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
