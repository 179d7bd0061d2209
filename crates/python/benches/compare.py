"""Compares this package with others for the same purpose: speed, and whether the results are OpenCC's.

``cargo xtask python-bench`` runs it in an environment of its own. Each package is a process of its own, and all take turns
in each round, so that noise meets all alike. It needs the text that ``python3 benches/corpus.py`` assembles.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(__file__).resolve().parent

# What a package is called, and how it names a configuration.
PEERS = ["fanjian", "opencc", "zhconv-rs-opencc", "opencc-pyo3", "opencc-python-reimplemented"]
CONFIGS = {"s2t": "simplified", "t2s": "traditional", "s2twp": "simplified"}
# What a worker of an engine does: configurations and a target, on columns.
SIZED = {**CONFIGS, "zh-TW": "simplified"}
BATCH = 10_000
# Strings of so many characters, and how many of them.
LENGTHS = {20: 20_000, 200: 2_000, 20_000: 30}
TITLES = 100_000
ROWS = 1_000_000
# Slower packages get so much of the titles and rows; all figures are for one string.
SLOW = {"opencc": 20_000, "opencc-pyo3": 20_000, "opencc-python-reimplemented": 4_000}
NAMES = {
    **{f"single {length}": f"one string of {length:,} characters" for length in LENGTHS},
    "list": "list of 100,000 titles",
    "arrow": "Arrow column of 1 million rows",
}


def converter(peer: str, config: str):
    """A function from ``str`` to ``str``; for this package, the converter."""
    if peer == "fanjian":
        import fanjian

        return fanjian.Converter(to=config) if config.startswith("zh-") else fanjian.Converter(config)
    if peer == "zhconv-rs-opencc":
        from zhconv_rs_opencc import zhconv

        target = {"s2t": "zh-hant", "t2s": "zh-hans", "s2twp": "zh-tw"}[config]
        return lambda text: zhconv(text, target)
    if peer == "opencc-pyo3":
        from opencc_pyo3 import OpenCC

        return OpenCC(config).convert
    # The two others have one name, and one of them a folder of its own.
    import opencc

    found, own = Path(opencc.__file__).resolve(), reimplementation().resolve()
    assert (own in found.parents) == (peer == "opencc-python-reimplemented"), f"{found} is not {peer}"
    if peer == "opencc":
        return opencc.OpenCC(config, include_tofu_risk_dictionaries=False).convert
    return opencc.OpenCC(config).convert


class Texts:
    """Strings cut from natural text: pieces of lines, as titles and sentences are."""

    def __init__(self, script: str) -> None:
        text = (corpus() / f"{script}.txt").read_text(encoding="utf-8")[:3_000_000]
        self.whole = text.replace("\n", "")
        self.rng = random.Random(1)

    def strings(self, length: int, count: int) -> list[bytes]:
        places = (self.rng.randrange(len(self.whole) - length) for _ in range(count))
        return [self.whole[place : place + length].encode() for place in places]

    def titles(self, count: int) -> list[bytes]:
        found = []
        while len(found) < count:
            length, place = self.rng.randint(8, 32), self.rng.randrange(len(self.whole) - 32)
            found.append(self.whole[place : place + length].encode())
        return found


def corpus() -> Path:
    return Path(os.environ.get("FANJIAN_CORPUS", ROOT / "target" / "corpus"))


def serve(peer: str) -> None:
    """Answers requests, each a line of JSON, with a line of JSON."""
    texts, converters = {}, {}
    for line in sys.stdin:
        request = json.loads(line)
        config, scenario = request["config"], request["scenario"]
        script = SIZED[config]
        if (script, scenario) not in texts:
            source = Texts(script)
            if scenario.startswith("single"):
                length = int(scenario.split()[1])
                count = LENGTHS[length]
                found = source.strings(length, count if peer not in SLOW else max(count // 5, 3))
            else:
                found = source.titles(SLOW.get(peer, TITLES if scenario == "list" else ROWS))
            texts[script, scenario] = found
        if config not in converters:
            converters[config] = converter(peer, config)
        answer = run(peer, converters[config], scenario, texts[script, scenario], request["threads"])
        print(json.dumps(answer), flush=True)


def run(peer: str, converter, scenario: str, data: list[bytes], threads: int) -> dict:
    """Converts once. Strings are new ones each time, as they come from a file."""
    strings = [text.decode() for text in data]
    if scenario == "arrow":
        import pyarrow as pa

        column = pa.array(strings)
        del strings
        if peer == "fanjian":
            import fanjian.arrow

            def work():
                return pa.array(fanjian.arrow.convert(column, converter, threads=threads))

        else:

            def work():
                return pa.array(spread(converter, column.to_pylist(), threads))

    elif peer != "fanjian":

        def work():
            return spread(converter, strings, threads)

    elif scenario == "list":

        def work():
            return converter.convert_many(strings, threads=threads)

    else:

        def work():
            return spread(converter.convert, strings, threads)

    wall, cpu = time.perf_counter(), time.process_time()
    converted = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if scenario == "arrow":
        converted = converted.slice(0, 100).to_pylist()
    return {
        "wall": wall / len(data) * 1e9,
        "cpu": cpu / len(data) * 1e9,
        "bytes": sum(map(len, data)) / len(data),
        "head": converted[:100],
    }


def spread(convert, strings: list[str], threads: int) -> list[str]:
    if threads == 1:
        return [convert(text) for text in strings]
    size = -(-len(strings) // threads)
    parts = [strings[start : start + size] for start in range(0, len(strings), size)]
    with ThreadPoolExecutor(threads) as pool:
        return [text for part in pool.map(lambda part: [convert(text) for text in part], parts) for text in part]


class Worker:
    def __init__(self, peer: str) -> None:
        environment = dict(os.environ)
        if peer == "opencc-python-reimplemented":
            environment["PYTHONPATH"] = str(reimplementation())
        line = [sys.executable, __file__, "--worker", peer]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def ask(self, **request) -> dict:
        self.send(**request)
        return self.answer()

    def send(self, **request) -> None:
        print(json.dumps(request), file=self.process.stdin, flush=True)

    def answer(self) -> dict:
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("a worker stopped (see above)")
        return json.loads(answer)


def reimplementation() -> Path:
    """The folder of the package that has the name of another one."""
    folder = ROOT / "target" / "python" / "opencc-python-reimplemented"
    if not folder.is_dir():
        unfinished = folder.with_suffix(".unfinished")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(unfinished), "opencc-python-reimplemented"], check=True)
        unfinished.rename(folder)
    return folder


def version(peer: str) -> str:
    if peer == "opencc-python-reimplemented":
        (found,) = importlib.metadata.distributions(name=peer, path=[str(reimplementation())])
        return found.version
    return importlib.metadata.version(peer)


def measure(arguments: argparse.Namespace) -> dict:
    """Medians of the rounds, by scenario, configuration, threads and package."""
    workers = {peer: Worker(peer) for peer in PEERS}
    second = Worker("fanjian")
    figures: dict[str, dict] = {}
    for config in arguments.config:
        for scenario in NAMES:
            request = {"config": config, "scenario": scenario}
            numbers = [1, 2] if scenario in ("list", "arrow") else [1]
            answers: dict[tuple, list[dict]] = {(threads, peer): [] for threads in numbers for peer in PEERS}
            apart = []
            for round in range(arguments.rounds):
                for peer in PEERS if round % 2 == 0 else PEERS[::-1]:
                    for threads in numbers:
                        answers[threads, peer].append(workers[peer].ask(**request, threads=threads))
                if 2 in numbers:
                    # Two processes at once, each with all of the data: what the machine can do with two threads.
                    pair = [workers["fanjian"], second]
                    for worker in pair:
                        worker.send(**request, threads=1)
                    apart.append(max([worker.answer()["wall"] for worker in pair]) / 2)
            if apart:
                figures[f"{config}, {scenario}, apart"] = {"wall": statistics.median(apart), "least wall": min(apart)}
            for (threads, peer), found in answers.items():
                pairs = list(zip(found[0]["head"], answers[threads, "opencc"][0]["head"]))
                figures[f"{config}, {scenario}, {threads}, {peer}"] = {
                    "cpu": statistics.median(answer["cpu"] for answer in found),
                    "least cpu": min(answer["cpu"] for answer in found),
                    "wall": statistics.median(answer["wall"] for answer in found),
                    "least wall": min(answer["wall"] for answer in found),
                    "bytes": found[0]["bytes"],
                    "equal": sum(ours == theirs for ours, theirs in pairs) / len(pairs),
                }
            line = {peer: round_(figures[f"{config}, {scenario}, 1, {peer}"]["cpu"]) for peer in PEERS}
            print(config, scenario, line, file=sys.stderr, flush=True)
    for config in SIZED:
        answers = [workers["fanjian"].ask(config=config, scenario="arrow", threads=1) for _ in range(arguments.rounds)]
        cpu = statistics.median(answer["cpu"] for answer in answers)
        peak = subprocess.run([sys.executable, __file__, "--memory", config], capture_output=True, text=True, check=True)
        figures[f"size, {config}"] = {"cpu": cpu, "bytes": answers[0]["bytes"], "memory": json.loads(peak.stdout)}
    return figures


def memory(config: str) -> None:
    """Tells the MiB of a process before the package is loaded, and at most while it converts batches of a column."""
    import pyarrow as pa

    column = pa.array([text.decode() for text in Texts(SIZED[config]).titles(BATCH)])
    # The peak of what came before must not hide what comes now.
    before = resident()
    import fanjian.arrow

    convert, most = converter("fanjian", config), 0.0
    for _ in range(100):
        kept = pa.array(fanjian.arrow.convert(column, convert))
        most = max(most, resident())
        del kept
    print(json.dumps([before, most]))


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def round_(number: float) -> str:
    """With three digits that count."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def rows_of(figures: dict, config: str, arguments: argparse.Namespace):
    for scenario, name in NAMES.items():
        for threads in [1, 2] if scenario in ("list", "arrow") else [1]:
            key = f"{config}, {scenario}, {threads}, "
            yield scenario, threads, name, {peer: figures[key + peer] for peer in PEERS}


def page(figures: dict, arguments: argparse.Namespace, date: str, picture: str) -> str:
    lines = [
        f"# The Python package and its peers, {date}",
        "",
        f"![Time for each string]({picture})",
        "",
        f"- Machine: {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}",
        f"- Versions: {', '.join(f'{peer} {version(peer)}' for peer in PEERS)}",
        f"- Command line: `cargo xtask python-bench {' '.join(sys.argv[1:])}`; {arguments.rounds} rounds, in which the "
        "packages take turns",
        f"- Load of the machine at the end: {os.getloadavg()[0]:.1f}; above 1, wall times with two threads are unreliable",
        "- Text: pieces of natural text that `benches/corpus.py` assembles; titles have 8 to 32 characters",
        f"- Of the titles and rows, slower packages get fewer ({', '.join(f'{n}: {c:,}' for n, c in SLOW.items())}); all "
        "figures are for one string",
        "",
    ]
    for config in arguments.config:
        lines += [f"## {config}", "", "Nanoseconds per string: CPU time with one thread, wall time with two. Medians, and in brackets the minimum."]
        lines += ["`×` is the time of the fastest other package divided by fanjian's.", ""]
        lines += ["| | " + " | ".join(PEERS) + " | × |", "|---|" + "---:|" * (len(PEERS) + 1)]
        for scenario, threads, name, found in rows_of(figures, config, arguments):
            kind = "cpu" if threads == 1 else "wall"
            cells = [f"{round_(found[peer][kind])} [{round_(found[peer]['least ' + kind])}]" for peer in PEERS]
            ratio = min(found[peer][kind] for peer in PEERS[1:]) / found["fanjian"][kind]
            what = name if threads == 1 else f"{name}, two threads"
            lines.append(f"| {what} | " + " | ".join(cells) + f" | {ratio:.1f} |")
        lines.append("")
        for scenario in ["list", "arrow"]:
            one, two = (figures[f"{config}, {scenario}, {threads}, fanjian"] for threads in (1, 2))
            apart = figures[f"{config}, {scenario}, apart"]

            def times(kind: str) -> str:
                return f"{one[kind] / two[kind]:.2f} ({one[kind] / apart[kind]:.2f})"

            lines.append(
                f"- {NAMES[scenario]}: with two threads, fanjian is {times('least wall')} times as fast as with one by the "
                f"least times, {times('wall')} by the medians; in brackets, two processes at once; "
                f"{1e9 / one['cpu']:,.0f} strings and {one['bytes'] / one['cpu'] * 1e3:.0f} MB of text a second for each core"
            )
        equal = {peer: figures[f"{config}, list, 1, {peer}"]["equal"] for peer in PEERS}
        lines.append("- As OpenCC has them, of 100 titles: " + ", ".join(f"{p} {100 * e:.0f}" for p, e in equal.items()))
        lines.append("")
    lines += [
        "## Sizing",
        "",
        "One core converting Arrow columns. Memory is the additional need of a process that has loaded the package and "
        f"converts batches of\n{BATCH:,} rows, without an engine's reading and writing.",
        "",
        "| | million rows a second | MB a second | core hours for a terabyte | MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    for config in SIZED:
        found = figures[f"size, {config}"]
        rate, (before, most) = found["bytes"] / found["cpu"] * 1e9, found["memory"]
        lines.append(
            f"| {config} | {1e3 / found['cpu']:.2f} | {rate / 1e6:.0f} | {1e12 / rate / 3600:.2f} | {most - before:.0f} |"
        )
    return "\n".join(lines) + "\n"


def guide(text: str, date: str) -> None:
    """Puts a page's first table and its sizing into the guide, between the marks there."""
    path = ROOT / "docs" / "python.md"
    guide = path.read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    first, sizing = next(iter(sections)), sections["Sizing"].strip()
    about = [line for line in text.split("\n") if line.startswith(("- Machine", "- Versions", "- Command", "- Load"))]
    table = sections[first].strip()
    speed = f"![Strings in a CPU second](../benches/record/python-{date}.svg)\n\n{date}, `{first}`; [more]"
    speed += f"(../benches/record/python-{date}.md).\n\n" + "\n".join(about) + f"\n\n{table}"
    for name, new in [("speed", speed), ("sizing", f"{sizing}\n\n({date}, on the machine below.)")]:
        begin, end = f"<!-- {name}: made by `cargo xtask python-bench --record` -->", f"<!-- /{name} -->"
        before, rest = guide.split(begin)
        guide = f"{before}{begin}\n{new}\n{end}{rest.split(end)[1]}"
    path.write_text(guide, encoding="utf-8")


def chart(figures: dict, arguments: argparse.Namespace, date: str) -> dict:
    """The data of the chart that ``cargo xtask generate`` draws: strings that each package converts in a CPU second."""
    config = arguments.config[0]
    rows = [row for row in rows_of(figures, config, arguments) if row[1] == 1]
    panels = [
        {"title": name, "rates": [[peer, 1e9 / found[peer]["cpu"]] for peer in PEERS]} for _, _, name, found in rows
    ]
    return {
        "date": date,
        "config": config,
        "processor": processor(),
        "rounds": arguments.rounds,
        "panels": panels,
        "figures": figures,
    }


def processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if sys.platform == "linux" else None
    return found[1] if found else platform.processor()


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares this package with others")
    parser.add_argument("--rounds", type=int, default=7, help="how often each package has its turn")
    parser.add_argument("--config", nargs="+", choices=CONFIGS, default=list(CONFIGS), help="these configurations only")
    parser.add_argument("--record", action="store_true", help="keep page and figures under benches/record, and tables in docs/python.md")
    parser.add_argument("--worker", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--memory", choices=SIZED, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        serve(arguments.worker)
        return
    if arguments.memory:
        memory(arguments.memory)
        return
    if not (corpus() / "simplified.txt").is_file():
        raise SystemExit(f"there is no text in {corpus()}: python3 benches/corpus.py assembles it")
    date = datetime.date.today().isoformat()
    figures = measure(arguments)
    text = page(figures, arguments, date, f"python-{date}.svg")
    print(text)
    if arguments.record:
        record = ROOT / "benches" / "record"
        (record / f"python-{date}.md").write_text(text, encoding="utf-8")
        data = json.dumps(chart(figures, arguments, date), ensure_ascii=False, indent=1)
        (record / f"python-{date}.json").write_text(data + "\n", encoding="utf-8")
        guide(text, date)


if __name__ == "__main__":
    main()
