# SPDX-License-Identifier: Apache-2.0
"""What form a template's answers have, whatever language its prompts are in: whole conversations of a user and an
assistant, or rows of instructions and responses. Work on given conversations or rows does not count: where a prompt
shows the form already, its answer tells nothing.
"""

import re
from collections.abc import Sequence
from typing import Final

from auditor.distillation.observation import Observation
from auditor.distillation.rows import LABEL_WORDS

_MOST: Final = 0.6
"""Share of the answers that must have the form."""

_USERS: Final = "|".join(
    (
        "user",
        "human",
        "usuario",
        "utilisateur",
        "benutzer",
        "nutzer",
        "utente",
        "usuário",
        "пользователь",
        *("用户", "ユーザー", "사용자"),
    )
)
_ASSISTANTS: Final = "|".join(
    (
        "(?:ai[ -]?)?assistant",
        "ai",
        "bot",
        "chatbot",
        "gpt",
        "model",
        "asistente",
        "assistente",
        "assistent",
        *("ассистент", "助手", "アシスタント", "어시스턴트"),
    )
)
_USER: Final = re.compile(rf"^\W{{0,3}}(?:{_USERS})\W{{0,3}}[:\uff1a]", re.I | re.M)
_ASSISTANT: Final = re.compile(rf"^\W{{0,3}}(?:{_ASSISTANTS})\W{{0,3}}[:\uff1a]", re.I | re.M)
_ROLES: Final = re.compile(r'"(?:role|from)"\s*:\s*"(user|human|assistant|gpt)"')
_ROW: Final = re.compile(
    r'"(?:instruction|prompt)"\s*:.{1,4000}?"(?:output|response|completion|answer|chosen|rejected)"\s*:', re.S
)
_ASKED: Final = re.compile(
    r"^\W{0,3}\d{0,3}\W{0,3}(?:instruction|prompt|question|task|problem|query|q)\W{0,3}:"
    r'|"(?:instruction|prompt|question|query|input|problem|task)"\s*:',
    re.I | re.M,
)
_REPLIED: Final = re.compile(
    r"^\W{0,3}\d{0,3}\W{0,3}(?:output|response|completion|answer|solution|a)\W{0,3}:"
    r'|"(?:output|response|completion|answer|solution)"\s*:',
    re.I | re.M,
)


def answers_are(members: Sequence[Observation]) -> str:
    """The form of these calls' answers in words of its own, which rules look for; empty where they have none."""
    for words, has, brings in _FORMS:
        found = sum(any(map(has, one.outputs)) and not brings(one.asked) for one in members)
        if found >= max(3, _MOST * len(members)):
            return f"⟪answers are {words}⟫"
    return ""


def hold_both(members: Sequence[Observation]) -> bool:
    """Whether most of these calls' answers hold prompts together with what answers them."""
    found = sum(any(_is_talk(text) or _is_row(text) or _is_pair(text) for text in one.outputs) for one in members)
    return found >= _MOST * len(members)


def are_labels(members: Sequence[Observation]) -> bool:
    """Whether these calls' answers are a few short texts over and over."""
    answers = [one.outputs[0].strip().lower() for one in members if one.outputs]
    few = set(answers)
    return bool(few) and len(few) <= max(2, len(answers) // 5) and all(len(one.split()) <= LABEL_WORDS for one in few)


def _is_talk(text: str) -> bool:
    """At least two turns of each side."""
    if len(_USER.findall(text)) >= 2 and len(_ASSISTANT.findall(text)) >= 2:
        return True
    roles = _ROLES.findall(text)
    return (
        sum(one in ("user", "human") for one in roles) >= 2 and sum(one in ("assistant", "gpt") for one in roles) >= 2
    )


def brings_talk(text: str) -> bool:
    """Whether a text holds turns of a user and of an assistant."""
    return bool(_USER.search(text) and _ASSISTANT.search(text)) or len(set(_ROLES.findall(text))) > 1


def _is_pair(text: str) -> bool:
    """Whether a prompt and its answer are named, line by line or as JSON."""
    return _ASKED.search(text) is not None and _REPLIED.search(text) is not None


def _is_row(text: str) -> bool:
    return _ROW.search(text) is not None


_FORMS: Final = (
    ("conversations of a user and an assistant", _is_talk, brings_talk),
    ("rows of instructions and responses", _is_row, _is_row),
)
