# SPDX-License-Identifier: Apache-2.0
"""Speed, memory and alarms of the detectors over the sources and documentation of installed packages.

    python -m tests.benchmarks detectors
    python -m tests.benchmarks.bench_detectors baselines     beside presidio's patterns and detect-secrets

Alarms per MB are an upper bound of false alarms: the names of packages' authors are in this text as well. The baselines
are installed into an environment of their own, which is thrown away.
"""

import json
import os
import random
import resource
import site
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from auditor.calls import Call, Content, Message, Outcome, Reading, Text
from auditor.detectors import Scanner
from auditor.privacy import Pseudonyms, texts
from auditor.scanning import ScanMemory

SECRETS = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY", "PAYMENT_CARD", "CONFIDENTIAL_MARK"})
LIMITS = {"SECRET": 10, "PASSWORD": 5, "PERSON": 40, "NATIONAL_ID": 10, "PHONE": 5, "HEALTH": 15}
_LONGEST, _MOST = 40_000, 3_000_000
_SAMPLE = 300_000
"""Characters of each kind of text that the other programs get: they take seconds for them."""
_ROUNDS = 5
_MB = 1_000_000
_SKIPPED = ("phonenumbers", "stdnum", "python_stdnum")
"""Beginnings of the folders of packages that are about the data looked for: what they show is no false alarm."""


def corpus(pattern: str) -> list[str]:
    """Texts of installed packages, in an order of their own that is the same every time."""
    paths = sorted(
        path
        for path in Path(site.getsitepackages()[0]).rglob(pattern)
        if not any(part.startswith(_SKIPPED) for part in path.parts)
    )
    random.Random(3).shuffle(paths)
    texts, size = [], 0
    for path in paths:
        text = path.read_text("utf-8", "replace")[:_LONGEST]
        if len(text) > 400 and size < _MOST:
            texts.append(text.partition("\n\n")[2] if path.name == "METADATA" else text)
            size += len(texts[-1])
    return texts


def adversarial() -> dict[str, str]:
    """A megabyte each of what has stopped detectors."""
    noise = random.Random(1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    parts = {
        "digits": "1 ",
        "keys": "key=",
        "names": "Aa Bb ",
        "persons": "John Smith ",
        "streets": "12 Main Street ",
        "phones": "Call 030 123456. ",
        "passwords": "password='x1y2z3' ",
        "at signs": "a@",
        "quotes": 'token="\\',
        "open tags": "<token ",
        "marks": "CONFIDENTIAL\n",
        "commas": "name,phone,ssn\n",
        "backticks": "```\n",
        "cards": "4111111111111111 ",
    }
    texts = {name: part * (_MB // len(part)) for name, part in parts.items()}
    return {**texts, "base64": "".join(noise.choices(letters, k=_MB)), "one letter": "a" * _MB}


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(name: str, texts: Sequence[str], types: frozenset[str] | None = None) -> Counter[str]:
    """One line: megabytes per CPU-second, warm, the median of some rounds, and alarms per megabyte."""
    scanner, size = Scanner(), sum(map(len, texts)) / _MB
    counts = Counter(match.type for text in texts for match in scanner.scan(text, types))
    spent = median(cpu(lambda: [scanner.scan(text, types) for text in texts]) for _ in range(_ROUNDS))
    alarms = {type_: round(count / size, 1) for type_, count in counts.most_common()}
    over = [type_ for type_, limit in LIMITS.items() if alarms.get(type_, 0) > limit]
    tell(f"{name:22} {size:6.2f} MB {size / spent:7.1f} MB/CPU-s  alarms/MB {alarms}  over: {over or 'none'}")
    return counts


def conversation(material: Sequence[str]) -> None:
    """An agent of 40 turns, each sending all that was said and read before: about 94 MB in all."""
    pool = "\n".join(material)
    added = [pool[turn * 115_000 : (turn + 1) * 115_000] for turn in range(40)]
    memory, seen = ScanMemory(Scanner(), Pseudonyms(b"b" * 32)), 0
    new = cpu(lambda: [Scanner().scan(text) for text in added])
    readings = []
    for turn in range(1, 41):
        parts = tuple(Message(role="user", parts=(Text(content=text),)) for text in added[:turn])
        call = Call(id=str(turn), time=datetime.now(UTC), outcome=Outcome.COMPLETE)
        readings.append(Reading(call=call, content=Content(input_messages=parts)))
        seen += sum(map(len, added[:turn]))
    spent = cpu(lambda: [memory.said(number, texts(reading.content)) for number, reading in enumerate(readings)])
    tell(f"conversation of 40 turns: {seen / _MB:.0f} MB seen, {spent:.2f} CPU-s, of which {new:.2f} for what is new")


def _begun(texts: Iterable[str], size: int) -> Iterator[str]:
    """The first texts, until they are of a size."""
    for text in texts:
        if size <= 0:
            return
        size -= len(text)
        yield text


def baselines(code: Sequence[str], prose: Sequence[str]) -> None:
    """The same sample through presidio's patterns and detect-secrets, in an environment that is thrown away."""
    sample = [*_begun(code, _SAMPLE), *_begun(prose, _SAMPLE)]
    size = sum(map(len, sample))
    scanner = Scanner()
    rounds = [cpu(lambda: [scanner.scan(text) for text in sample]) for _ in range(3)]
    ours = size / _MB / min(rounds[1:])
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "presidio-analyzer", "spacy", "detect-secrets"], check=True
        )
        ran = subprocess.run(
            [python, "-c", _BASELINES], input=json.dumps(sample), capture_output=True, text=True, check=True
        )
    tell(f"the same {size / _MB:.2f} MB: ours {ours:.2f} MB/CPU-s, load {os.getloadavg()[0]:.1f}")
    for name, spent in json.loads(ran.stdout.splitlines()[-1]).items():
        speed = size / _MB / spent
        tell(f"  {name:16} {speed:7.3f} MB/CPU-s, ours is {ours / speed:6.0f} times as fast")


_BASELINES = """
import json, sys, time, spacy
texts = json.load(sys.stdin)
def cpu(work):
    began = time.process_time(); work(); return time.process_time() - began
spent = {}
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}
        self.nlp["en"].max_length = 10_000_000
registry = RecognizerRegistry(); registry.load_predefined_recognizers(languages=["en"])
registry.recognizers = [r for r in registry.recognizers if "Spacy" not in r.name]
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
engine.analyze("warm", "en")
spent["presidio patterns"] = cpu(lambda: [engine.analyze(t, "en") for t in texts])
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import default_settings
with default_settings():
    spent["detect-secrets"] = cpu(lambda: [list(scan_line(line)) for t in texts for line in t.splitlines()])
print(json.dumps(spent))
"""


def resident() -> int:
    """Megabytes a fresh process takes at most while it scans a few texts of all types."""
    code = (
        "import resource; from auditor.detectors import Scanner; from tests.benchmarks.bench_detectors import corpus;"
        "s = Scanner(); [s.scan(t) for t in corpus('METADATA')[:100]];"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def tell(line: str) -> None:
    """A line of figures."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Print the figures."""
    code, prose = corpus("*.py"), corpus("METADATA")
    counts = measure("code, all types", code) + measure("documentation, all", prose)
    size = sum(map(len, (*code, *prose))) / _MB
    tell(f"both together: alarms/MB { ({t: round(counts[t] / size, 1) for t in LIMITS}) }")
    measure("code, secrets", code, SECRETS)
    tell(f"resident at most {resident()} MB in a process of its own, {_resident_here()} MB here")
    scanner = Scanner()
    times = {name: cpu(lambda text=text: scanner.scan(text)) for name, text in adversarial().items()}  # type: ignore[misc]
    slowest = max(times, key=lambda name: times[name])
    tell(f"a megabyte of bad input: at most {times[slowest]:.2f} CPU-s ({slowest})")
    conversation(code)


def _resident_here() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    if sys.argv[1:] == ["baselines"]:
        baselines(corpus("*.py"), corpus("METADATA"))
    else:
        main()
