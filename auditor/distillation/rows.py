# SPDX-License-Identifier: Apache-2.0
"""The rows of a training file: what a model shall say (the targets) and on what (the prompts).

Read are JSON lines, a JSON list, and CSV with a header, in the forms the trainers take: chat (`messages`), ShareGPT
(`conversations`), Gemini (`contents`), Alpaca, prompt/completion, question/answer, preference pairs, plain text, and
text with a label; and Parquet, whose rows a process apart writes out as JSON lines (`auditor.documents`).
Forms: https://platform.openai.com/docs/guides/supervised-fine-tuning, https://docs.together.ai/docs/fine-tuning-data-preparation,
https://huggingface.co/docs/trl/dataset_formats
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from auditor.calls import Value
from auditor.documents.extraction import PARQUET, parquet_rows

ROWS_LIMIT: Final = 200_000
"""Rows read of one file."""

LABEL_WORDS: Final = 4
"""Words a class may be named with."""

_SPEAKERS: Final = frozenset({"assistant", "gpt", "model", "bot", "chatbot", "ai"})
_TALKS: Final = ("messages", "conversations", "conversation", "contents", "turns", "dialog", "dialogue")
_PROMPTS: Final = frozenset(
    {"instruction", "input", "prompt", "question", "query", "problem", "system", "context", "user", "id", "source"}
)
_TARGETS: Final = frozenset(
    {"output", "completion", "response", "answer", "chosen", "preferred_output", "target", "solution", "assistant"}
    | {"reasoning", "thought", "text", "textoutput", "generation", "rejected", "non_preferred_output", "content"}
)
_LABELS: Final = frozenset(
    {"label", "labels", "category", "class", "sentiment", "intent", "score"} | {"anchor", "positive", "negative"}
)
"""Names of classes, and of the texts an embedding or a ranker learns to tell apart."""


class Row(Value, frozen=True, kw_only=True):
    """One row, numbered from 1; `labelled` where it teaches a class rather than a text."""

    number: int
    prompts: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    labelled: bool = False


def read_rows(data: bytes) -> tuple[Row, ...]:
    """The rows of a training file; none where its form is unknown."""
    found: list[Row] = []
    for number, record in enumerate(_records(data), 1):
        if number > ROWS_LIMIT:
            break
        prompts, targets, labelled = _read(record)
        if targets or labelled:
            found.append(Row(number=number, prompts=prompts, targets=targets, labelled=labelled))
    return tuple(found)


def teach_labels(rows: Sequence[Row]) -> bool:
    """Whether the rows teach classes: they carry labels, or their targets are a few short texts over and over."""
    if not rows:
        return False
    labels = {text.strip().lower() for row in rows for text in row.targets}
    short = all(len(text.split()) <= LABEL_WORDS for text in labels)
    few = 2 <= len(labels) <= max(2, len(rows) // 5)
    return (short and few) or sum(row.labelled for row in rows) >= 0.9 * len(rows)


def _records(data: bytes) -> Iterator[Mapping[str, Any]]:
    start = data.lstrip()[:1]
    if start == b"{":
        yield from _lines(data)
    elif start == b"[":
        yield from _objects(_decoded(data))
    elif data.startswith(PARQUET):
        yield from _lines(parquet_rows(data).text.encode())
    elif data:
        yield from _table(data)


def _lines(data: bytes) -> Iterator[Mapping[str, Any]]:
    """JSON lines; one JSON document over several lines gives the rows in its first list."""
    whole = _decoded(data) if b"\n" in data.strip() and _decoded(data.split(b"\n", 1)[0]) is None else None
    if isinstance(whole, dict):
        lists = (value for value in whole.values() if isinstance(value, list))
        yield from _objects(next(lists, [whole]))
        return
    for line in data.splitlines():
        if isinstance(record := _decoded(line), dict):
            yield record


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _decoded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _table(data: bytes) -> Iterator[Mapping[str, Any]]:
    text = data.decode("utf-8-sig", "replace")
    head = text.split("\n", 1)[0].lower()
    if not any(f"{name}" in head for name in _TARGETS | _LABELS) or "," not in head:
        return
    try:
        yield from csv.DictReader(io.StringIO(text))
    except csv.Error:
        return


def _read(record: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Prompts, targets, and whether the row teaches a label."""
    fields = {str(key).lower(): value for key, value in record.items()}
    if isinstance(inner := fields.get("input"), dict):
        fields = {**{str(key).lower(): value for key, value in inner.items()}, **fields, "input": None}
    talk = next((fields[name] for name in _TALKS if isinstance(fields.get(name), list)), None)
    prompts, targets = list(_talk(talk, speaking=False)), list(_talk(talk, speaking=True))
    for name, value in fields.items():
        if name in _TALKS:
            continue
        if name in _TARGETS:
            targets += _texts(value)
        elif name in _PROMPTS:
            prompts += _texts(value)
    labelled = bool(_LABELS & fields.keys()) and not {"output", "completion", "response"} & fields.keys()
    if not targets and not labelled:
        targets = [text for name, value in fields.items() if name not in _PROMPTS for text in _texts(value)]
    return tuple(prompts), tuple(targets), labelled


def _talk(turns: Any, *, speaking: bool) -> Iterator[str]:
    for turn in _objects(turns):
        role = str(turn.get("role", turn.get("from", ""))).lower()
        if (role in _SPEAKERS) == speaking:
            yield from _texts(turn.get("content", turn.get("value", turn.get("parts", turn.get("text")))))


def _texts(value: Any) -> list[str]:
    """The texts in a value: a string, the parts of a message, or a list of messages."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        return _texts(value.get("text", value.get("content", value.get("value", value.get("parts")))))
    return []
