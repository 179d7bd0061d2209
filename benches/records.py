#!/usr/bin/env python3
"""Measures the command on records, step by step, beside what a Python program would do: MB/s by CPU time and by wall time.

Takes natural text from target/corpus (benches/corpus.py makes it), makes records of it in target/records, and runs every step of
every way in turn, as a process of its own, so that noise meets all alike; the median of the rounds counts. Results of
steps that convert by OpenCC's configurations are compared, record by record. With --record, the table goes into docs/records.md.
"""

import argparse
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "target/records"
PACKAGES = ROOT / "target/packages/records"
REQUIREMENTS = ["opencc==1.4.2", "pyarrow", "zstandard", "hanzidentifier"]
FANJIAN = ROOT / "target/dist/fanjian"
LINES_OF_A_RECORD = 20

JSONL = ["--jsonl", "--field", "text"]
PARQUET = ["--parquet", "--column", "text"]
ALL = ["--to", "zh-TW", "--gloss", "repair", "--detect", "script", "--keep-if", "script!=japanese"]

# What is done; how our command does it, on which file; and the function here that does the same in Python, if one does.
STEPS = [
    ("read and write alone", ["--to", "zh-TW", "--jsonl", "--field", "none"], "in.jsonl", "nothing"),
    ("detect", [*JSONL, "--detect", "script"], "in.jsonl", "hanzidentifier"),
    ("clean", [*JSONL, "--gloss", "repair"], "in.jsonl", None),
    ("convert, s2t", ["-c", "s2t", *JSONL], "in.jsonl", "opencc s2t"),
    ("convert, s2twp", ["-c", "s2twp", *JSONL], "in.jsonl", "opencc s2twp"),
    ("convert, t2s", ["-c", "t2s", *JSONL], "in.jsonl", "opencc t2s"),
    ("convert, --to zh-TW", ["--to", "zh-TW", *JSONL], "in.jsonl", None),
    ("clean, detect, choose, convert to zh-TW", [*ALL, *JSONL], "in.jsonl", None),
    ("convert, s2twp", ["-c", "s2twp", *JSONL], "in.jsonl.gz", "opencc s2twp"),
    ("convert, s2twp", ["-c", "s2twp", *JSONL], "in.jsonl.zst", "opencc s2twp"),
    ("convert, s2twp", ["-c", "s2twp", *PARQUET], "in.parquet", "opencc s2twp"),
    ("clean, detect, choose, convert to zh-TW", [*ALL, *PARQUET], "in.parquet", None),
]


# What a Python program does.


def opened(path, mode):
    if path.suffix == ".gz":
        return gzip.open(path, mode + "t", encoding="utf-8", compresslevel=6, newline="")
    if path.suffix == ".zst":
        import zstandard

        return zstandard.open(path, mode + "t", encoding="utf-8", newline="")
    return open(path, mode, encoding="utf-8", newline="")


def work(what):
    """The function of a text that a step is."""
    if what == "nothing":
        return lambda text: text
    if what == "hanzidentifier":
        import hanzidentifier

        return hanzidentifier.identify
    import opencc

    # Without the characters that many fonts lack, as the commands of both have it.
    return opencc.OpenCC(what.split()[1], False).convert


def python(what, source, target):
    source, target = pathlib.Path(source), pathlib.Path(target)
    convert = work(what)
    if source.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        file = pyarrow.parquet.ParquetFile(source)
        with pyarrow.parquet.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number).to_pylist()
                for row in rows:
                    row["text"] = convert(row["text"])
                writer.write_table(pyarrow.Table.from_pylist(rows, schema=file.schema_arrow))
        return
    with opened(source, "r") as lines, opened(target, "w") as out:
        for line in lines:
            record = json.loads(line)
            if what == "hanzidentifier":
                record["script"] = convert(record["text"])
            else:
                record["text"] = convert(record["text"])
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


# The measurement.


def install():
    if not PACKAGES.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PACKAGES), *REQUIREMENTS]
        subprocess.run(command, check=True)
    sys.path.insert(0, str(PACKAGES))


def make_data(megabytes):
    """Records of the corpus's lines, in four files."""
    import pyarrow
    import pyarrow.parquet
    import zstandard

    DATA.mkdir(parents=True, exist_ok=True)
    lines = (ROOT / "target/corpus/simplified.txt").read_text(encoding="utf-8").splitlines()
    other = (ROOT / "target/corpus/traditional.txt").read_text(encoding="utf-8").splitlines()
    records, size, number = [], 0, 0
    while size < megabytes * 1e6:
        # A third of a corpus is Traditional.
        source = other if number % 3 == 2 else lines
        at = number * LINES_OF_A_RECORD % (len(source) - LINES_OF_A_RECORD)
        text = "\n".join(source[at : at + LINES_OF_A_RECORD])
        record = {"id": number, "url": f"https://example.org/{number}", "text": text, "meta": {"year": 2026, "tags": []}}
        records.append(record)
        size += len(text.encode())
        number += 1
    plain = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    (DATA / "in.jsonl").write_bytes(plain)
    (DATA / "in.jsonl.gz").write_bytes(gzip.compress(plain, 6, mtime=0))
    (DATA / "in.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(plain))
    table = pyarrow.Table.from_pylist(records)
    pyarrow.parquet.write_table(table, DATA / "in.parquet", compression="zstd", row_group_size=2000)
    return len(plain)


def run(command):
    """CPU and wall time of a process, in seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(PACKAGES)})
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return usage.ru_utime + usage.ru_stime, wall


def records(path):
    if path.suffix == ".parquet":
        import pyarrow.parquet

        return pyarrow.parquet.read_table(path).to_pylist()
    with opened(path, "r") as lines:
        return [json.loads(line) for line in lines]


def compare(step, ours, theirs):
    ours, theirs = records(ours), records(theirs)
    different = sum(a != b for a, b in zip(ours, theirs)) + abs(len(ours) - len(theirs))
    if different:
        sys.exit(f"{step}: {different} of {len(theirs)} records are not OpenCC's")


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} cores"


def versions():
    from importlib.metadata import version

    names = ["opencc", "pyarrow", "zstandard", "hanzidentifier"]
    return ", ".join([f"Python {sys.version.split()[0]}"] + [f"{name} {version(name)}" for name in names])


def report(times, size, rounds):
    """The table: medians."""
    rows = []
    for number, (step, _, source, peer) in enumerate(STEPS):
        cells = []
        for who in ["ours", "peer"]:
            for which in [0, 1]:
                seconds = [each[which] for each in times.get((number, who), [])]
                cells.append(f"{size / 1e6 / statistics.median(seconds):.0f}" if seconds else "")
        if peer:
            ratio = statistics.median(t[0] for t in times[number, "peer"]) / statistics.median(t[0] for t in times[number, "ours"])
            cells.append(f"{ratio:.1f}")
        else:
            cells.append("")
        kind = source.removeprefix("in.")
        rows.append(f"| {step} | {kind} | {' | '.join(cells)} |")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return "\n".join(
        [
            f"Measured on {time.strftime('%Y-%m-%d')} by `python3 benches/records.py --record`, at {commit}: {machine()};",
            f"{size / 1e6:.0f} MB of JSON lines, medians of {rounds} rounds in which all take turns; one thread; {versions()}.",
            f"Load of the machine at the end: {os.getloadavg()[0]:.1f}; wall times suffer by what else it does, and CPU times less.",
            "MB are those of the plain JSON lines, per second of CPU time and of wall time, the start of the process included.",
            "",
            "| step | file | fanjian, CPU | wall | Python, CPU | wall | ratio, CPU |",
            "|---|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=float, default=20, help="how much text the records have")
    parser.add_argument("--record", action="store_true", help="write the table into docs/records.md")
    parser.add_argument("--python", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.python:
        return python(*arguments.python)
    subprocess.run(["cargo", "build", "--profile", "dist", "--quiet", "--package", "fanjian-cli", "--features", "parquet,zstd"], cwd=ROOT, check=True)
    install()
    size = make_data(arguments.megabytes)
    times = {}
    for turn in range(arguments.rounds):
        for number in range(len(STEPS)):
            number = (number + turn) % len(STEPS)
            step, options, source, peer = STEPS[number]
            source = DATA / source
            suffix = source.name.removeprefix("in")
            ours, theirs = DATA / f"ours{suffix}", DATA / f"theirs{suffix}"
            command = [str(FANJIAN), *options, "-q", "-j", "1", "-i", str(source), "-o", str(ours)]
            times.setdefault((number, "ours"), []).append(run(command))
            if peer:
                command = [sys.executable, __file__, "--python", peer, str(source), str(theirs)]
                times.setdefault((number, "peer"), []).append(run(command))
                if turn == 0 and peer.startswith("opencc"):
                    compare(step, ours, theirs)
            print(f"round {turn + 1}: {step}, {source.name}", file=sys.stderr)
    table = report(times, size, arguments.rounds)
    print(table)
    if arguments.record:
        page = ROOT / "docs/records.md"
        text = page.read_text(encoding="utf-8")
        start = text.index("<!-- figures: ")
        start = text.index("-->\n", start) + 4
        end = text.index("<!-- /figures -->")
        page.write_text(text[:start] + table + text[end:], encoding="utf-8")


main()
