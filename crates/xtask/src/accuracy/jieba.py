"""Words as jieba finds them, with OpenCC's phrases among its words; each becomes its phrase, or phrases and characters."""
import logging
import os

import jieba


def read(name):
    with open(os.path.join(os.environ["DICTIONARIES"], name + ".txt"), encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines if "\t" in line and not line.startswith("#"))
        return {key: value.split(" ")[0] for key, value in rows}


jieba.setLogLevel(logging.ERROR)
TOKENIZER = jieba.Tokenizer()
PHRASES, CHARACTERS = read("STPhrases"), read("STCharacters")
TAGS = {"s2t": {}, "s2tw": read("TWVariants"), "s2hk": read("HKVariants")}
LONGEST = max(map(len, PHRASES))
for phrase in PHRASES:
    TOKENIZER.add_word(phrase)


def word(text):
    out, at = "", 0
    while at < len(text):
        for end in range(min(len(text), at + LONGEST), at + 1, -1):
            if text[at:end] in PHRASES:
                out, at = out + PHRASES[text[at:end]], end
                break
        else:
            out, at = out + CHARACTERS.get(text[at], text[at]), at + 1
    return out


def convert(direction, text):
    converted = "".join(word(part) for part in TOKENIZER.cut(text, HMM=False))
    return "".join(TAGS[direction].get(character, character) for character in converted)
