"""Answers on standard output, a JSON line each, what OpenCC makes of the requests on standard input."""

import json
import sys

import opencc

converters = {}

for line in sys.stdin:
    request = json.loads(line)
    key = (request["config"], request["tofu_risk"])
    if key not in converters:
        converters[key] = opencc.OpenCC(key[0], key[1])
    converted = converters[key].convert(request["text"])
    sys.stdout.write(json.dumps({"text": converted}) + "\n")
    sys.stdout.flush()
