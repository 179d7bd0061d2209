"""Has libraries of Python read documents before and after their conversion by s2twp, and compares what they read.

    read_back.py CONVERTER TESTS [PAGES]

CONVERTER is the example `convert_document`, and TESTS the folder with the cases. With epubcheck, books are checked before and
after; with Chromium, so is the tree that it makes of pages, also of those in the folder PAGES. What is read is a structure whose texts may
differ: all else in it must be the same, and each text must be the expected one, its conversion as a subtitle. Prints a line for
each check, and ends with 1 if one fails.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

import feedparser
import html5lib
import javaproperties
import lxml.etree
import lxml.html
import polib
import pysubs2
import srt
import webvtt
import yaml
from babel.messages import pofile
from ebooklib import ITEM_DOCUMENT, epub
from fluent.syntax import parse as parse_fluent
from ruamel.yaml import YAML

CONVERTER, TESTS = sys.argv[1], Path(sys.argv[2])
PAGES = Path(sys.argv[3]) if len(sys.argv) > 3 else None
FAILED = []

# Texts that a page, a book or a catalogue has in the place of the old ones.
HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def check(what, found, expected):
    print(f"{'ok ' if found == expected else 'NO '} {what}: {len(str(found))} characters")
    if found != expected:
        FAILED.append(what)
        for one, other in zip(found, expected):
            if one != other:
                print(f"    {one!r}\n    is not {other!r}")
                break
        else:
            print(f"    {len(found)} for {len(expected)}")


def convert(path, folder):
    converted = folder / path.name
    subprocess.run([CONVERTER, "s2twp", path, converted], check=True, stdout=subprocess.DEVNULL)
    return converted


def shape(value):
    """A structure without the Han characters in it, and without the tags of languages."""
    if isinstance(value, str):
        return re.sub(r"\bzh[-_](CN|TW|Hans|Hant)(?![a-z])", "zh", HAN.sub("", value))
    if isinstance(value, dict):
        return [(re.sub("^zh.*", "zh", str(key)), shape(inner)) for key, inner in value.items()]
    if isinstance(value, (list, tuple)):
        return [shape(inner) for inner in value]
    return value if isinstance(value, (int, float, bool, type(None))) else str(value)


def html_tree(text):
    """Tags and attributes by their names, in order, and the text."""
    return [
        (re.sub("{.*}", "", str(node.tag)), sorted(node.attrib), shape(node.text or ""), shape(node.tail or ""))
        for node in html5lib.parse(text, namespaceHTMLElements=False).iter()
    ]


def lxml_tree(text):
    return [(str(node.tag), sorted(node.attrib), shape(node.text or "")) for node in lxml.html.document_fromstring(text).iter()]


def xml_tree(data):
    return [
        (str(node.tag), list(node.attrib), shape(node.text or ""), shape(node.tail or ""))
        for node in lxml.etree.fromstring(data).iter()
    ]


def po_messages(text):
    return [(entry.msgid, entry.msgctxt, sorted(entry.msgstr_plural), entry.flags, entry.occurrences, shape(entry.msgstr))
            for entry in polib.pofile(text)]


def babel_messages(path):
    with open(path, "rb") as file:
        catalogue = pofile.read_po(file)
    return [(message.id, shape(message.string), sorted(message.flags)) for message in catalogue if message.id]


def subtitles(path):
    read = pysubs2.load(str(path))
    return [(line.start, line.end, line.style, shape(line.name), shape(line.text)) for line in read], sorted(read.styles)


def cues(path):
    return [(cue.start, cue.end, cue.identifier, shape(cue.text)) for cue in webvtt.read(str(path))]


def srt_cues(path):
    return [(cue.index, cue.start, cue.end, shape(cue.content)) for cue in srt.parse(path.read_text(encoding="utf-8-sig"))]


def yaml_documents(path):
    return [shape(document) for document in yaml.safe_load_all(path.read_text())]


def ruamel_documents(path):
    return [shape(document) for document in YAML(typ="safe").load_all(path.read_text())]


def feed(path):
    read = feedparser.parse(path.read_bytes())
    return read.bozo, shape(read.feed.get("title", "")), [(sorted(entry), shape(entry.get("summary", ""))) for entry in read.entries]


def fluent_messages(path):
    # Places differ where words have other lengths.
    return [re.sub("'(start|end)': [0-9]+", "", shape(str(entry.to_json()))) for entry in parse_fluent(path.read_text()).body]


def book(path):
    read = epub.read_epub(str(path))
    items = [(item.get_id(), item.get_name(), item.get_type()) for item in read.get_items()]
    chapters = [xml_tree(item.get_content()) for item in read.get_items_of_type(ITEM_DOCUMENT)]
    return items, chapters, read.spine, shape([read.title]), [shape(str(entry)) for entry in read.toc and [len(read.toc)]]


def make_book(folder):
    made = folder / "book.epub"
    source = TESTS / "epub" / "book"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(source / "mimetype", "mimetype", zipfile.ZIP_STORED)
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.name not in ("mimetype", "encryption.xml"):
                archive.write(path, path.relative_to(source))
        for font in ("font.ttf", "hidden.otf", "packed.woff2", "gone.xhtml"):
            data = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body/></html>" if font == "gone.xhtml" else "x"
            archive.writestr(f"OEBPS/{font}", data)
    return made


def absent(program, why):
    print(f"-- {program} is not installed, and was not run{why}")


def epubcheck():
    """The command of epubcheck, which is a script or an archive of Java, or None."""
    program = shutil.which("epubcheck")
    if program is None:
        return absent("epubcheck", "")
    with open(program, "rb") as file:
        is_archive = file.read(2) == b"PK"
    if is_archive and shutil.which("java") is None:
        return absent("Java, which epubcheck needs,", "")
    return ["java", "-jar", program] if is_archive else [program]


def messages(command, book, folder):
    """What epubcheck says of a book: severity, identifier, and the files."""
    report = folder / "report.json"
    subprocess.run([*command, book, "--json", report], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    found = json.loads(report.read_text(encoding="utf-8"))["messages"]
    return sorted(
        (message["severity"], message["ID"], sorted(str(location["path"]) for location in message["locations"])) for message in found
    )


CHAPTER = """<p>她的头<b>发</b>很干<a epub:type="noteref" href="#n1" id="r1">1</a>燥，用鼠<i>标</i>打开软件。<ruby>头发<rt>tóu fà</rt></ruby></p>
<aside epub:type="footnote" id="n1"><p>后来的头<span lang="ja" xml:lang="ja">国</span>发</p></aside>"""


def make_valid_books(folder):
    """A book of EPUB 3 by ebooklib, and one of EPUB 2: epubcheck finds nothing wrong with them."""
    made = epub.EpubBook()
    made.set_identifier("urn:uuid:00112233-4455-6677-8899-aabbccddeeff")
    made.set_title("软件里的头发")
    made.set_language("zh-CN")
    made.add_author("钱钟书")
    chapters = [epub.EpubHtml(title=f"第{at}章：头发", file_name=f"chapter{at}.xhtml", lang="zh-CN") for at in (1, 2)]
    for chapter in chapters:
        chapter.content = f"<html><body><h1>{chapter.title}</h1>{CHAPTER}</body></html>"
        made.add_item(chapter)
    made.toc, made.spine = chapters, ["nav", *chapters]
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    third = folder / "third.epub"
    epub.write_epub(str(third), made)

    second = folder / "second.epub"
    page = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
        '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh-CN">'
        "<head><title>头发</title></head><body><p>她的头<b>发</b><sup><a href=\"#n1\">1</a></sup>很干燥</p>"
        '<p id="n1">用鼠<del>键</del>标</p></body></html>'
    )
    parts = {
        "META-INF/container.xml": '<?xml version="1.0"?><container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OPS/book.opf": '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"><dc:title>头发</dc:title>'
        '<dc:language>zh-CN</dc:language><dc:identifier id="id">urn:uuid:00112233-4455-6677-8899-aabbccddeeff</dc:identifier>'
        '<dc:creator opf:file-as="钱钟书" opf:role="aut">钱钟书</dc:creator></metadata><manifest>'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine toc="ncx"><itemref idref="a"/></spine>'
        "</package>",
        "OPS/toc.ncx": '<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="zh-CN"><head>'
        '<meta name="dtb:uid" content="urn:uuid:00112233-4455-6677-8899-aabbccddeeff"/></head><docTitle><text>头发</text></docTitle>'
        '<navMap><navPoint id="n1" playOrder="1"><navLabel><text>头发</text></navLabel><content src="a.xhtml"/></navPoint></navMap>'
        "</ncx>",
        "OPS/a.xhtml": page,
    }
    with zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, text in parts.items():
            archive.writestr(name, text)
    return [third, second]


def check_books(folder, books):
    command = epubcheck()
    for path in books if command else []:
        before = messages(command, path, folder)
        check(f"epubcheck {path.name}", messages(command, convert(path, folder / "out"), folder), before)
        if path.name != "book.epub":
            check(f"epubcheck finds nothing in {path.name}", [found for found in before if found[0] in ("ERROR", "FATAL")], [])


def chromium():
    found = [program for program in ("chromium", "chromium-browser", "google-chrome") if shutil.which(program)]
    return found[0] if found else absent("Chromium", "")


def tree_in_browser(program, path):
    """The tree that a browser makes of a page, after its scripts, without which Chromium prints nothing."""
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " \
              "--disable-component-update --disable-sync --dump-dom"
    with tempfile.TemporaryDirectory() as profile:
        command = [program, *options.split(), f"--user-data-dir={profile}", path.absolute().as_uri()]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    if not run.stdout:
        raise RuntimeError(f"{program} prints nothing for {path}")
    return html_tree(run.stdout.decode())


def check_pages(folder, pages):
    program = chromium()
    for path in pages if program else []:
        # Below a folder of its own, so that files beside the page are found by neither.
        before = folder / "before" / path.name
        before.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, before)
        check(f"chromium {path.name}", tree_in_browser(program, convert(before, folder / "out")), tree_in_browser(program, before))


# Documents that every program reads, with the texts that it must find after the conversion, in order.
ORDINARY = {
    "ordinary.po": (
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n#: 头发.c:1\nmsgid "头发"\nmsgstr ""\n"用鼠"\n"标"\n\n'
        '#, c-format\nmsgid "%d file"\nmsgid_plural "%d files"\nmsgstr[0] "%d 个软件"\n',
        lambda path: [entry.msgstr or entry.msgstr_plural[0] for entry in polib.pofile(path.read_text())],
        ["用滑鼠", "%d 個軟體"],
    ),
    "ordinary.xhtml": (
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh-CN"><head><title>软件</title></head>'
        "<body><p>她的头<em>发</em>很干&#29157;</p></body></html>",
        lambda path: ["".join(node.itertext()) for node in lxml.etree.fromstring(path.read_bytes()).iter("{*}title", "{*}p")],
        ["軟體", "她的頭髮很乾燥"],
    ),
    "ordinary.html": (
        "<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>软件</title><p>她的头<em>发</em>很干&#29157;"
        "<p title=头发>用鼠<b>标</b>",
        lambda path: ["".join(node.itertext()) for node in html5lib.parse(path.read_text()).iter() if node.tag.endswith(("title", "}p"))],
        ["軟體", "她的頭髮很乾燥", "用滑鼠"],
    ),
    "ordinary.json": (
        '{"title": "软件", "头发": ["\\u5934\\u53d1", 1, null]}',
        lambda path: json.loads(path.read_text()),
        {"title": "軟體", "头发": ["頭髮", 1, None]},
    ),
    "ordinary.yaml": (
        'title: 软件\nlang: zh-CN\nlist:\n  - "头\\u53d1"\n  - >-\n    用鼠标\n    打开\n',
        lambda path: yaml.safe_load(path.read_text()),
        {"title": "軟體", "lang": "zh-TW", "list": ["頭髮", "用滑鼠 開啟"]},
    ),
    "ordinary.toml": (
        'title = "软件"\nraw = \'头发\'\nmany = """\n用鼠\\\n  标"""\nday = 2026-01-01\n',
        lambda path: [str(value) for value in tomllib.loads(path.read_text()).values()],
        ["軟體", "頭髮", "用滑鼠", "2026-01-01"],
    ),
    "ordinary.srt": (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>头</i>发\n",
        lambda path: [cue.content for cue in srt.parse(path.read_text())],
        ["<i>頭</i>髮"],
    ),
    "ordinary.properties": (
        "title = \\u8f6f\\u4ef6\\\n  包\n头发 = 头发\n",
        lambda path: javaproperties.loads(path.read_text()),
        {"title": "軟體包", "头发": "頭髮"},
    ),
}

READERS = {
    ".html": [("html5lib", lambda path: html_tree(path.read_text())), ("lxml", lambda path: lxml_tree(path.read_text()))],
    ".xhtml": [("lxml", lambda path: xml_tree(path.read_bytes()))],
    ".svg": [("lxml", lambda path: xml_tree(path.read_bytes()))],
    ".ttml": [("lxml", lambda path: xml_tree(path.read_bytes()))],
    ".xlf": [("lxml", lambda path: xml_tree(path.read_bytes()))],
    ".resx": [("lxml", lambda path: xml_tree(path.read_bytes()))],
    ".rss": [("feedparser", feed)],
    ".atom": [("feedparser", feed)],
    ".po": [("polib", lambda path: po_messages(path.read_text())), ("babel", babel_messages)],
    ".srt": [("pysubs2", subtitles), ("srt", srt_cues)],
    ".vtt": [("webvtt-py", cues)],
    ".ass": [("pysubs2", subtitles)],
    ".ssa": [("pysubs2", subtitles)],
    ".yaml": [("ruamel.yaml", ruamel_documents), ("pyyaml", yaml_documents)],
    ".toml": [("tomllib", lambda path: shape(tomllib.loads(path.read_text())))],
    ".json": [("json", lambda path: shape(json.loads(path.read_text())))],
    ".arb": [("json", lambda path: shape(json.loads(path.read_text())))],
    ".properties": [("javaproperties", lambda path: shape(javaproperties.loads(path.read_text())))],
    ".ftl": [("fluent.syntax", fluent_messages)],
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        # A case is a document without a conversion in its name, and in order.
        cases = [path for path in sorted((TESTS / "cases").iterdir()) if path.name.count(".") == 1 and path.stem != "broken"]
        ordinary = [folder / name for name in ORDINARY]
        for path in ordinary:
            path.write_text(ORDINARY[path.name][0])
        for path in [*cases, make_book(folder), *ordinary]:
            readers = [("ebooklib", book)] if path.suffix == ".epub" else READERS.get(path.suffix, [])
            for name, read in readers:
                (folder / "out").mkdir(exist_ok=True)
                try:
                    before = read(path)
                except Exception as error:  # The library does not read the document itself.
                    print(f"    {name} does not read {path.name}: {type(error).__name__}: {str(error).splitlines()[0]}")
                    continue
                check(f"{name} {path.name}", read(convert(path, folder / "out")), before)
            if path in ordinary:
                _, read, expected = ORDINARY[path.name]
                check(f"{readers[0][0]} the texts of {path.name}", read(convert(path, folder / "out")), expected)
        check_books(folder, [*make_valid_books(folder), make_book(folder)])
        pages = sorted(PAGES.rglob("*.htm*")) if PAGES else []
        check_pages(folder, [path for path in [*cases, *ordinary] if path.suffix in (".html", ".xhtml")] + pages)


main()
sys.exit(1 if FAILED else 0)
