"""What the comparisons share: finding the programs, running them in turns, and telling the figures.

Only Python's own library is imported here at first, because a child's peak memory is never less than that of
the process which started it.
"""
import argparse
import array
import dataclasses
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "build" / "compare"
DATA = WORK / "data"


class Failure(Exception):
    """The comparison cannot go on; the text says why, and what would help."""


def need(condition, text):
    if not condition:
        raise Failure(text)


def main(name, run, parser):
    """Runs a comparison; its return value is the exit status."""
    try:
        sys.exit(run(parser.parse_args()))
    except (Failure, OSError) as error:
        sys.exit(f"{name}: {error}")
    except KeyboardInterrupt:
        sys.exit(f"{name}: interrupted")


# --- options that several have ---

def make_parser(text):
    """Of a program: its whole text is the help."""
    return argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)


def make_peer_parser(text, numbers):
    """Of a part that a program runs; `numbers`: required options by name, with their help."""
    parser = argparse.ArgumentParser(description=text.split("\n")[0])
    for name, meaning in numbers.items():
        parser.add_argument(f"--{name}", type=int, required=True, help=meaning)
    return parser


def make_training_parser(text):
    parser = make_peer_parser(text, {"positions": "positions of a batch at most", "steps": "steps to measure",
                                     "warm-up": "steps before them", "threads": "compute threads"})
    parser.add_argument("--shape", type=json.loads, required=True, help="the model, as JSON")
    return parser


def make_translating_parser(text):
    parser = make_peer_parser(text, {"beam": "beam size", "max-length": "output pieces at most",
                                     "threads": "compute threads (of each worker)"})
    for name, meaning in {"model": "the peer's model", "text": "s2s's model folder, for its vocabulary",
                          "source": "text, a sentence a line", "output": "where the translations go"}.items():
        parser.add_argument(f"--{name}", required=True, help=meaning)
    return parser


def make_searching_parser(text):
    parser = make_peer_parser(text, {"threads": "compute threads"})
    for name, meaning in {"model": "the peer's model", "text": "s2s's model folder, for its vocabulary",
                          "source": "text, a sentence a line", "prefixes": "what each line's output may be made to begin with",
                          "cases": "the searches, as JSON", "output": "where the translations go, as JSON"}.items():
        parser.add_argument(f"--{name}", required=True, help=meaning)
    return parser


def run_searching_peer(text, make_peer, batches):
    """Makes the translations of each search with each size of a batch, and writes them as JSON."""
    arguments = make_searching_parser(text).parse_args()
    peer = make_peer(arguments)
    with open(arguments.cases, encoding="utf-8") as file:
        told = {case["name"]: [peer.translate(case, batch) for batch in batches] for case in json.load(file)}
    with open(arguments.output, "w", encoding="utf-8") as file:
        json.dump(told, file)
    print("{}")


def whole_number(text):
    """A number from 1 on, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def processors():
    """That this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def add_program_options(parser):
    parser.add_argument("--threads", type=whole_number, default=processors(),
                        help="compute threads of each run (all that this process may use)")
    add_s2s_options(parser)


def add_s2s_options(parser):
    parser.add_argument("--s2s", type=pathlib.Path, default=ROOT / "build/release/bin/s2s", metavar="FILE",
                        help="the program (build/release/bin/s2s)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a key of s2s's recipe")


def add_options(parser, turns):
    parser.add_argument("--turns", type=whole_number, default=turns, help=f"each side runs so often ({turns})")
    parser.add_argument("--stock", action="store_true",
                        help="the peers as installed, without what setup --tuned preloads")
    add_program_options(parser)


def s2s_program(path):
    need(os.access(path, os.X_OK), f"{path} is missing; build it first, for example with tools/check release")
    return str(path)


def sets(arguments):
    return [f"--set={item}" for item in arguments.set]


# --- children ---

@dataclasses.dataclass
class Child:
    seconds: float
    megabytes: float  # peak of the resident memory
    output: str


def finish(process):
    """Waits for a child; its peak memory in MB."""
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except KeyboardInterrupt:
        process.kill()
        process.wait()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit / 1e6


def run_child(command, environment=None):
    command = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as messages:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=messages, env=environment)
        megabytes = finish(process)
        seconds = time.perf_counter() - begin
        output.seek(0)
        messages.seek(0)
        if process.returncode != 0:
            last = "\n".join(messages.read().splitlines()[-8:])
            raise Failure(f"{' '.join(command[:3])} ... ended with {process.returncode}:\n{last}")
        return Child(seconds, megabytes, output.read())


def peer_python(name="venv", option=""):
    path = WORK / name / "bin" / "python"
    need(os.access(path, os.X_OK), f"{path} is missing; install the peers first: tools/compare/setup{option}")
    return path


def preload(stock):
    """The libraries that setup --tuned has prepared, parted by colons; nothing without it."""
    path = WORK / "preload"
    return path.read_text().strip() if path.is_file() and not stock else ""


def peer_environment(threads, stock):
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    if libraries := preload(stock):
        environment["LD_PRELOAD"] = libraries
    return environment


def run_peer(script, words, arguments, threads=None, python=None):
    """Runs one of the scripts beside this one; its last line is JSON. Returns that and the child."""
    child = run_child([python or peer_python(), HERE / script, *words],
                      peer_environment(threads or arguments.threads, arguments.stock))
    return json.loads(child.output.splitlines()[-1]), child


def describe_tuning(stock):
    libraries = preload(stock)
    return f"preload {libraries}" if libraries else "run as installed (tools/compare/setup --tuned makes most faster)"


# --- turns ---

def take_turns(sides, turns):
    """Runs every side once a turn, every other turn in reverse order, so that a machine that grows slower or faster
    favours none. `sides`: name to a function that returns figures by name. Returns by side the list of its figures."""
    results = {name: [] for name in sides}
    for turn in range(turns):
        for name in list(sides)[::1 if turn % 2 == 0 else -1]:
            figures = sides[name]()
            results[name].append(figures)
            told = ", ".join(f"{number(value)} {key}" for key, value in figures.items())
            print(f"turn {turn + 1} of {turns}: {name}: {told}", file=sys.stderr, flush=True)
    return results


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratios(ours, theirs, key):
    """Of the same turn, so that both saw the machine in the same state."""
    return statistics.median(a[key] / b[key] for a, b in zip(ours, theirs))


def report(results, keys):
    """A table: median and range of each side's figures, and s2s's median ratio to each peer. s2s comes first."""
    names = list(results)
    width = max(map(len, names))
    print()
    for key in keys:
        print(f"{key:{width}}  {'median':>10}  {'least':>10}  {'most':>10}  s2s / peer")
        for name in names:
            values = [figures[key] for figures in results[name]]
            columns = "  ".join(f"{number(value):>10}" for value in (statistics.median(values), min(values), max(values)))
            ratio = f"{ratios(results[names[0]], results[name], key):10.2f}" if name != names[0] else ""
            print(f"{name:{width}}  {columns}  {ratio}".rstrip())
        print()


# --- text and tokens ---

def open_text(path):
    return gzip.open(path, "rt", encoding="utf-8") if str(path).endswith(".gz") else open(path, encoding="utf-8")


def read_lines(path):
    with open_text(path) as file:
        return [line.rstrip("\n") for line in file]


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def read_ids(path):
    """A compact array for each line: the corpus counts as the peer's memory."""
    with open(path, encoding="ascii") as file:
        return [array.array("i", map(int, line.split())) for line in file]


def make_batches(source, target, positions, seed):
    """Lists of line numbers: sentences of like length, as many as keep lines x longest target (end symbol
    counted) within `positions`, in random order."""
    draw = random.Random(seed)
    order = list(range(len(target)))
    draw.shuffle(order)
    order.sort(key=lambda i: (len(target[i]), len(source[i])))
    batches, batch = [], []
    for i in order:
        if batch and (len(batch) + 1) * (len(target[i]) + 1) > positions:
            batches.append(batch)
            batch = []
        batch.append(i)
    batches.append(batch)
    draw.shuffle(batches)
    return batches


class Text:
    """From text to pieces and back as s2s does it with a model's vocabulary."""

    def __init__(self, model):
        import sentencepiece
        import yaml
        folder = pathlib.Path(model)
        self.recipe = yaml.safe_load((folder / "recipe.yaml").read_text(encoding="utf-8"))["text"]
        shared = self.recipe["vocabulary"]["shared"]
        names = ["vocab.model"] * 2 if shared else ["vocab.source.model", "vocab.target.model"]
        self.source, self.target = (sentencepiece.SentencePieceProcessor(model_file=str(folder / name)) for name in names)

    def normalize(self, line):
        if self.recipe["normalization"] != "none":
            line = unicodedata.normalize(self.recipe["normalization"].upper(), line)
        if self.recipe["lowercase"]:
            line = line.lower()
        return " ".join(line.split()) if self.recipe["whitespace"] == "collapse" else line

    def encode(self, lines, kind):
        """kind: str for pieces, int for their numbers."""
        return self.source.encode([self.normalize(line) for line in lines], out_type=kind)

    def decode(self, lines):
        return self.target.decode(lines)
