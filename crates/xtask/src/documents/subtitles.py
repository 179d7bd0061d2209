"""Has ffmpeg read subtitles before and after their conversion by s2twp, and compares the cues.

    subtitles.py CONVERTER TESTS

CONVERTER is the example `convert_document`, and TESTS the folder with the cases. The cues must be as many and have the same
times and the same text but for Han characters, by the packets of the file and as ffmpeg writes them as SubRip. Prints a line for
each check, and ends with 1 if one fails.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

CONVERTER, TESTS = sys.argv[1], Path(sys.argv[2])

# Words may become longer ones, and change their places in tags.
HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")

# A file of each format that ffmpeg reads, with plain cues: the cases have all that is odd.
ORDINARY = {
    "ordinary.srt": "1\n00:00:01,000 --> 00:00:02,500\n用<i>户</i>界面\n头发很干\n\n2\n00:00:03,000 --> 00:00:04,000\n打印机\n",
    "ordinary.vtt": "WEBVTT\n\n00:01.000 --> 00:02.500\n用<b>户</b>界面\n\n00:03.000 --> 00:04.000 align:start\n打印机\n",
    "ordinary.lrc": "[ti:头发]\n[00:01.00]用户界面\n[00:03.00]打印机\n",
    "ordinary.ass": "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: 头发,宋体,20\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,头发,,0,0,0,,用{\\b1}户{\\b0}界面\\N头发\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,头发,,0,0,0,,打印机\n",
}


def packets(path):
    command = ["ffprobe", "-v", "error", "-show_packets", "-show_entries", "packet=pts,duration", "-of", "json", str(path)]
    read = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [(packet.get("pts"), packet.get("duration")) for packet in read.get("packets", [])]


def as_subrip(path):
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "srt", "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return [HAN.sub("", line) for line in text.splitlines()]


def main():
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        suffixes = (".srt", ".vtt", ".ass", ".ssa", ".lrc")
        cases = sorted((TESTS / "cases").iterdir())
        paths = [path for path in cases if path.name.count(".") == 1 and path.suffix in suffixes]
        for name, text in ORDINARY.items():
            (folder / name).write_text(text)
            paths.append(folder / name)
        (folder / "out").mkdir()
        for path in paths:
            converted = folder / "out" / path.name
            subprocess.run([CONVERTER, "s2twp", path, converted], check=True, stdout=subprocess.DEVNULL)
            for what, read in (("packets", packets), ("text", as_subrip)):
                try:
                    before = read(path)
                except (subprocess.CalledProcessError, UnicodeDecodeError):
                    before = []
                if not before:
                    print(f"    ffmpeg does not read the {what} of {path.name}")
                    continue
                after = read(converted)
                is_same = after == before
                print(f"{'ok ' if is_same else 'NO '} ffmpeg {path.name}: {what}, {len(before)}")
                if not is_same:
                    failed = True
                    print(f"    {after!r}\n    is not {before!r}")
    return failed


sys.exit(1 if main() else 0)
