"""Calls one of the two ways in which the stable ABI gives a ``str`` as UTF-8, to count instructions, as clocks shake::

    for way in none 3.9 3.10; do valgrind --tool=callgrind --callgrind-out-file=/dev/null python encode.py $way; done

3.9's makes a ``bytes``; 3.10's keeps a copy with the ``str``, for as long as that lives.
"""

import ctypes
import sys

API = ctypes.pythonapi
LENGTH, STRING, KEPT = API.PyUnicode_GetLength, API.PyUnicode_AsUTF8String, API.PyUnicode_AsUTF8AndSize
LENGTH.restype, LENGTH.argtypes = ctypes.c_ssize_t, [ctypes.py_object]
STRING.restype, STRING.argtypes = ctypes.py_object, [ctypes.py_object]
KEPT.restype, KEPT.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_void_p]
WAYS = {
    "none": lambda text: LENGTH(text),
    "3.9": lambda text: STRING(text),
    "3.10": lambda text: KEPT(text, None),
}
TEXTS = 20_000

if __name__ == "__main__":
    call = WAYS[sys.argv[1]]
    texts = [f"皇后后来把头发剪短了，用鼠标打开软件。{number % 10}".encode().decode() for number in range(TEXTS)]
    for text in texts:
        call(text)
