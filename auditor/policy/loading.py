# SPDX-License-Identifier: Apache-2.0
"""Reads `policy.toml`: one loader for everyone. A wrong file ends in one sentence that names the line and the key.

[organisation]
name = "Contoso"
country = "DE"
regions = ["eu*", "europe-*"]          # where data may be processed
other_providers = "unsanctioned"       # those that no entry names

[[provider]]
name = "openai"                        # as calls name it; `*` is anything
standing = "sanctioned"                # or tolerated, unsanctioned
models = ["gpt-4o*"]                   # other models are unsanctioned; absent: all
data = ["EMAIL", "PERSON"]             # data types that may be sent; absent: all

[[account]]
credential = "k-19ab…"                 # the fingerprint, as calls show it
owner = "data platform"
contract = "services agreement, 2026-02"
tier = "enterprise"                    # free, trial, individual, paid, team, enterprise
zero_retention = true
baa = false
region = "eu"
purpose = "support assistant"

[[training]]
name = "ticket router"
kind = "classifier"                    # generator, classifier, embedding, other
competes = false
distributed = false
teams = ["support"]

[[team]]
name = "support"
actors = ["a-7f3k…"]

[[data.dictionary]]
name = "projects"
terms = ["Blue Heron", "Operation Lantern"]
file = "projects.txt"                  # one term a line, beside the policy; '#' begins a comment
match_case = true

[[data.pattern]]
name = "customer-number"
expression = '\\bKD-[0-9]{6}\\b'       # RE2
context = ["customer"]

[capture]
remove = ["SECRET", "PAYMENT_CARD"]    # types whose values are not stored; the call itself is sent as it was
withhold = ["NATIONAL_ID"]             # types whose values are sealed apart, for who may open names

[retention]                            # days until what a month holds is closed for good, by `retention apply`
metadata = 730
content = 180
names = 90
data = { SECRET = 30 }                 # calls that hold a type of data are erased one by one
"""

import re
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from auditor.errors import InputError
from auditor.policy.model import Policy
from auditor.policy.soundness import problems

POLICY: Final = "policy.toml"
_ADVICE: Final = "Correct it; `auditor policy check` reads it again."


def of_folder(folder: Path) -> Policy:
    """The policy of a folder; an empty one where it has none. Raises `InputError` where its file is wrong."""
    path = folder / POLICY
    return load(path) if path.exists() else Policy()


def load(path: Path) -> Policy:
    """A policy file. Raises `InputError` naming file, line and key where it cannot be used."""
    return parse(_read(path), path)


def parse(text: str, path: Path) -> Policy:
    """The policy that a text is, as it would be written to `path`. Raises `InputError` as `load` does."""
    try:
        policy = msgspec.convert(tomllib.loads(text), Policy)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is no TOML: {error}.", _ADVICE) from None
    except msgspec.ValidationError as error:
        raise InputError(f"{path}{_line(text, str(error))}: {error}.", _ADVICE) from None
    for problem in problems(policy):
        raise InputError(f"{path}{_line(text, problem.place)}: {problem.what}.", _ADVICE)
    return policy


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is no text in UTF-8.", "Convert it.") from None


# --- where it stands --------------------------------------------------------------------------------------------

_STEP: Final = re.compile(r"\.([A-Za-z_]+)(?:\[(\d+)])?")
_UNKNOWN: Final = re.compile(r"unknown field `(\w+)`")


def _line(text: str, place: str) -> str:
    """`, line N` of what a place (`$.provider[1].standing`) or msgspec's sentence with one names; empty where the file
    writes it in a way that is not looked for (inline tables)."""
    steps = [(name, int(number or 0)) for name, number in _STEP.findall(place.partition("$")[2])]
    if unknown := _UNKNOWN.search(place):
        steps.append((unknown[1], 0))
    number = _found(text.splitlines(), steps)
    return f", line {number}" if number else ""


def _found(lines: list[str], steps: list[tuple[str, int]]) -> int | None:
    """The line of the deepest header or key of a path that the lines show."""
    found, table, start = None, "", 0
    for name, number in steps:
        header = f"{table}.{name}" if table else name
        headers = [at for at in range(start, len(lines)) if _header(lines[at]) == header]
        if number < len(headers):
            found, table, start = headers[number] + 1, header, headers[number] + 1
            continue
        if any((_header(line) or "").startswith(f"{header}.") for line in lines[start:]):
            table = header
            continue
        end = next((at for at in range(start, len(lines)) if _header(lines[at]) is not None), len(lines))
        keys = [at for at in range(start, end) if re.match(rf"""\s*["']?{name}["']?\s*[=.]""", lines[at])]
        return keys[0] + 1 if keys else found
    return found


def _header(line: str) -> str | None:
    named = re.match(r"\s*\[\[?\s*([\w.\s]+?)\s*]]?\s*(#.*)?$", line)
    return re.sub(r"\s", "", named[1]) if named else None
