#!/usr/bin/env python3
"""Assembles the corpus of the benchmarks in target/corpus from packages: natural Chinese text in both scripts.

Writes simplified.txt and traditional.txt (manuals and messages as plain text, each line with Chinese in it and no line
twice), simplified.html and traditional.html (whole pages), and texts of other kinds, as simplified.fiction.txt: see
genres.py. Needs a Debian or Ubuntu system and pip, and no rights beyond reading.
"""

import argparse
import gzip
import hashlib
import html.parser
import json
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
from collections import Counter

import genres

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The game whose messages are fiction.
FICTION = "cataclysm-dda-data"
# Files are taken by the locale in their path. Of packages in one string, the first that is there counts.
PACKAGES = [
    "libreoffice-help-zh-cn",
    "libreoffice-help-zh-tw",
    "linux-doc-6.12 linux-doc-6.1",
    "manpages-zh",
    "debian-reference-zh-cn",
    "debian-reference-zh-tw",
    "debian-handbook",
    "debmake-doc",
    "maint-guide-zh-cn",
    "maint-guide-zh-tw",
    "debian-faq-zh-cn",
    "debian-edu-doc-zh-cn",
    FICTION,
    "libreoffice-l10n-zh-cn",
    "libreoffice-l10n-zh-tw",
    "krita-l10n",
    "gimp-data",
    "inkscape",
    "digikam-data",
    "freeciv-data",
    "mediawiki",
]

SCRIPTS = {
    "simplified": re.compile(r"zh[-_](cn|hans)(?![a-z])", re.IGNORECASE),
    "traditional": re.compile(r"zh[-_](tw|hk|hant)(?![a-z])", re.IGNORECASE),
}
# Frequent characters that are of one script alone: they tell what a file is really written in.
MARKS = {
    "simplified": set("这们个对时会来说为学过还样问题将设标应该输录码与从发选项图线页认"),
    "traditional": set("這們個對時會來說為學過還樣問題將設標應該輸錄碼與從發選項圖線頁認"),
}
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# So many lines of a source stay together, and such blocks are mixed, so that any prefix is a sample of all sources.
BLOCK_LINES = 200


class TextOfPage(html.parser.HTMLParser):
    """Collects what a reader of a page sees, with a line break where a block element begins or ends."""

    BLOCKS = set("address article aside blockquote body br caption dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 "
                 "head header hr html li main nav ol option p pre section table tbody td th thead title tr ul".split())
    HIDDEN = {"script", "style"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces = []
        self.hidden = 0

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag):
        self.hidden -= tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.pieces.append(data)


def text_of_page(data):
    parser = TextOfPage()
    parser.feed(data.decode("utf-8", "replace"))
    parser.close()
    return "".join(parser.pieces)


def text_of_catalogue(data):
    """The translations in a compiled gettext catalogue; plural forms are lines of their own."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, _, translations = struct.unpack_from(order + "3I", data, 8)
    texts = []
    for index in range(count):
        length, start = struct.unpack_from(order + "2I", data, translations + 8 * index)
        texts.append(data[start:start + length].decode("utf-8", "replace").replace("\0", "\n"))
    return "\n".join(texts)


def text_of_manual(data):
    """A manual page without its requests and escapes: roughly what `man` shows, in the lines of the source."""
    text = gzip.decompress(data).decode("utf-8", "replace")
    text = re.sub(r"^[.'](\\\".*|[A-Za-z]+ ?)", "", text, flags=re.MULTILINE)
    text = re.sub(r"\\f(\[\w*\]|\(..|.)|\\s[-+]?\d|\\[&|^:/,]|\\\*\(..", "", text)
    return re.sub(r"\\\((..)|\\\[(\w+)\]", " ", text).replace("\\-", "-").replace("\\ ", " ").replace("\\e", "\\")


def text_of_messages(data):
    messages = json.loads(data)
    return "\n".join(text for key, text in messages.items() if isinstance(text, str) and not key.startswith("@"))


def reader_of(path):
    """What makes text of the file, if it is of a kind that the corpus takes."""
    if "linux-doc" in path:
        # The sources of the pages are there, too: they would be the same text again.
        return (lambda data: data.decode("utf-8", "replace")) if path.endswith(".rst.txt") else None
    if path.endswith((".html", ".htm")):
        return text_of_page
    if path.endswith(".mo"):
        return text_of_catalogue
    if re.search(r"/man\d/[^/]+\.gz$", path):
        return text_of_manual
    if "/i18n/" in path and path.endswith(".json"):
        return text_of_messages
    return None


def fetch(package, folder):
    """The package's file, downloaded where it is not there yet, or None where this release has no such package."""
    def downloaded():
        return next(iter(folder.glob(f"{package}_*.deb")), None)

    if downloaded() is None:
        if not output_of("apt-cache", "search", "--names-only", f"^{re.escape(package)}$"):
            return None
        run = subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"cannot download {package}: {run.stderr.strip()}\n"
                     "The package lists may be old: run `apt-get update` as root, then this again.")
    return downloaded()


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def files_of(package):
    """Path and content of each file in the package."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            for member in archive:
                if member.isfile() and any(pattern.search(member.name) for pattern in SCRIPTS.values()):
                    yield member.name, archive.extractfile(member).read()


def is_written_in(script, text):
    counts = {name: sum(text.count(mark) for mark in marks) for name, marks in MARKS.items()}
    return counts[script] > 0 and counts[script] >= 0.9 * sum(counts.values())


def distinct(lines, seen):
    """The lines with Chinese in them that have not been seen, without what surrounds them."""
    found = []
    for line in map(str.strip, lines):
        if HAN.search(line) and line not in seen:
            seen.add(line)
            found.append(line)
    return found


def blocks_of(lines):
    for start in range(0, len(lines), BLOCK_LINES):
        yield ("\n".join(lines[start:start + BLOCK_LINES]) + "\n").encode()


class Corpus:
    """Text and pages of one script, as they are found."""

    def __init__(self, script):
        self.script = script
        self.seen = set()
        self.blocks = []
        self.pages = []
        self.fiction = []
        self.bytes_of = Counter()
        self.rejected = 0

    def add(self, package, path, data):
        reader = reader_of(path)
        is_page = path.endswith((".html", ".htm"))
        if reader is None and not is_page:
            return
        text = (reader or text_of_page)(data)
        if not is_written_in(self.script, text):
            self.rejected += 1
            return
        if is_page:
            self.pages.append(data)
        if reader is None:
            return
        lines = distinct(text.splitlines(), self.seen)
        if package == FICTION:
            self.fiction += filter(genres.is_prose, lines)
        for block in blocks_of(lines):
            self.blocks.append(block)
            self.bytes_of[package] += len(block)


def written(path, pieces, limit):
    """Writes the pieces in an order that their content alone decides, up to the limit, and returns what was written."""
    out = bytearray()
    for piece in sorted(pieces, key=lambda piece: hashlib.sha256(piece).digest()):
        if len(out) + len(piece) <= limit:
            out += piece
    path.write_bytes(out)
    text = out.decode("utf-8", "replace")
    han = sum(len(character.encode()) for character in HAN.findall(text)) / max(len(out), 1)
    print(f"{path.name}: {len(out) / 1e6:.1f} MB, {han:.0%} of it Han characters")
    return {"bytes": len(out), "han": round(han, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "target/corpus", help="the folder to write to")
    parser.add_argument("--megabytes", type=float, default=24, help="at most so much for each file (default: 24)")
    parser.add_argument("--minimum", type=float, default=4, help="fail with fewer megabytes of text (default: 4)")
    arguments = parser.parse_args()

    folder = arguments.output / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    corpora = [Corpus(script) for script in SCRIPTS]
    versions = {}
    for names in PACKAGES:
        found = ((package, fetch(package, folder)) for package in names.split())
        package, file = next((pair for pair in found if pair[1]), (None, None))
        if file is None:
            print(f"skipped: this release has no package {names.replace(' ', ' or ')}")
            continue
        versions[package] = output_of("dpkg-deb", "--field", file, "Version")
        for path, data in files_of(file):
            for corpus in corpora:
                if SCRIPTS[corpus.script].search(path):
                    corpus.add(package, path, data)

    report = {}
    for corpus in corpora:
        for kind, pieces in [("txt", corpus.blocks), ("html", corpus.pages)]:
            path = arguments.output / f"{corpus.script}.{kind}"
            report[path.name] = written(path, pieces, arguments.megabytes * 1e6)
            if kind == "txt" and report[path.name]["bytes"] < arguments.minimum * 1e6:
                sys.exit(f"{path} has less than {arguments.minimum} MB: too little to measure with")
        sources = {package: f"{versions[package]}, {size / 1e6:.2f} MB"
                   for package, size in corpus.bytes_of.most_common()}
        report[f"{corpus.script}.txt"]["sources"] = sources
        print(f"  {corpus.rejected} files are not written in it; text from:")
        for package, source in sources.items():
            print(f"    {package} {source}")
    others = [("fiction", corpus.script, corpus.fiction, f"{FICTION} {versions[FICTION]}")
              for corpus in corpora if corpus.fiction]
    for kind, script, lines, source in others + list(genres.texts(folder)):
        path = arguments.output / f"{script}.{kind}.txt"
        report[path.name] = written(path, blocks_of(distinct(lines, set())), arguments.megabytes * 1e6)
        report[path.name]["sources"] = {source: f"{report[path.name]['bytes'] / 1e6:.2f} MB"}
    (arguments.output / "sources.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
