"""Converts documents by `opencc_pyo3`: for each JSON line with the paths of a document and of the result, its CPU seconds."""

import json
import sys
import time

from opencc_pyo3 import OpenCC
from opencc_pyo3.office_helper import convert_office_doc

converter = OpenCC("s2twp")

for line in sys.stdin:
    request = json.loads(line)
    start = time.process_time()
    done, message = convert_office_doc(request["source"], request["result"], request["format"], converter.convert)
    seconds = time.process_time() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "error": None if done else message}) + "\n")
    sys.stdout.flush()
