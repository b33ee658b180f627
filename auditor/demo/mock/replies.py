# SPDX-License-Identifier: Apache-2.0
"""What the mock says: written answers for the demo's subjects (`replies.toml`), and composed ones for any other.

Pure and deterministic: the choice among sentences depends on the prompt alone.
"""

import hashlib
import re
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

SENTENCES = 8
THOUGHTS = 3
LONGEST_SUBJECT = 90


class Reply(msgspec.Struct, frozen=True):
    """A written answer, given when every one of its `words` occurs in the prompt."""

    words: tuple[str, ...]
    text: str


class Replies(msgspec.Struct, frozen=True):
    """The written answers, and the phrases other answers are composed of (`{subject}` stands for the subject)."""

    reply: tuple[Reply, ...]
    openings: tuple[str, ...]
    actions: tuple[str, ...]
    moments: tuple[str, ...]
    reasons: tuple[str, ...]
    reasoning: tuple[str, ...]


@cache
def load() -> Replies:
    """Reads `replies.toml`."""
    text = files(__package__).joinpath("replies.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Replies)


def reply(prompt: str, results: tuple[str, ...] = ()) -> str:
    """The answer to a prompt; after tool results, what they came to."""
    if results:
        return "Here is what I found. " + " ".join(f"The lookup returned: {result.strip()}." for result in results)
    lowered = prompt.lower()
    written = [reply for reply in load().reply if all(word in lowered for word in reply.words)]
    if written:
        return max(written, key=lambda reply: len(reply.words)).text.strip()
    return compose(prompt)


def reasoning(prompt: str) -> str:
    """The thinking before the answer: some sentences, in an order only the prompt decides."""
    about = subject(prompt)
    ordered = sorted(load().reasoning, key=lambda sentence: _chance(about, sentence))
    return " ".join(sentence.format(subject=about) for sentence in ordered[:THOUGHTS])


def compose(prompt: str) -> str:
    """An answer about the prompt's subject: every sentence is put together anew from phrases the prompt chooses."""
    about = subject(prompt)
    known = load()
    lists = (known.openings, known.actions, known.moments, known.reasons)
    orders = [sorted(phrases, key=lambda phrase: _chance(about, phrase)) for phrases in lists]
    sentences = zip(*(order[:SENTENCES] for order in orders), strict=True)
    return " ".join(f"{opening.format(subject=about)}, {do} {when}, {why}." for opening, do, when, why in sentences)


def _chance(about: str, phrase: str) -> bytes:
    return hashlib.sha256(f"{about}\0{phrase}".encode()).digest()


def subject(prompt: str) -> str:
    """What a prompt is about: the phrase after its last "about", "on" or colon, else its last line."""
    line = prompt.strip().rsplit("\n", 1)[-1]
    found = re.search(r".*(?:\babout |\bsubject: |\btopic: |: )(.+?)[.?!]?$", line)
    words = (found[1] if found else line).strip(" .?!\"'")
    return words[:LONGEST_SUBJECT] or "this"
