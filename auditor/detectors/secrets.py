# SPDX-License-Identifier: Apache-2.0
"""Secrets whose form tells what they are: tokens with a public prefix."""

from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.patterns import Confirm, Family, Pattern
from auditor.detectors.view import View


def _token(kind: str, prefix: str) -> Confirm:
    def confirm(view: View, start: int, end: int) -> Iterable[Match]:
        value = view.text[start:end]
        if not view.stands_alone(start, end) or len(set(value[len(prefix) :])) < 6:
            return ()
        return (found("SECRET", start, end, value, kind, 0.95, prefix),)

    return confirm


_TOKENS = (
    ("github", "ghp_", r"gh[opsur]_[A-Za-z0-9]{36,255}"),
    ("github", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    ("aws", "AKIA", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    ("openai", "sk-", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}"),
    ("anthropic", "sk-ant-", r"sk-ant-(?:api|admin)[0-9]{2}-[A-Za-z0-9_-]{80,}"),
    ("google", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    ("slack", "xox", r"xox[abeoprs]-[A-Za-z0-9-]{20,}"),
    ("stripe", "sk_", r"[rs]k_(?:live|test)_[A-Za-z0-9]{24,}"),
    ("jwt", "eyJ", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
)
SECRETS = Family(
    types=frozenset({"SECRET"}),
    patterns=tuple(
        Pattern(f"token.{kind}.{number}", expression, _token(kind, prefix))
        for number, (kind, prefix, expression) in enumerate(_TOKENS)
    ),
)
