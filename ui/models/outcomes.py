# SPDX-License-Identifier: Apache-2.0
"""How an outcome is shown: a drawing, a word and a tone each, so that colour never says it alone."""

from typing import NamedTuple

from auditor.calls import Outcome


class Shown(NamedTuple):
    """Icon name, word, colour of text and icon, colour of the bar in charts, and what it means."""

    icon: str
    word: str
    tone: str
    bar: str
    meaning: str


OUTCOMES: dict[Outcome, Shown] = {
    Outcome.COMPLETE: Shown("complete", "complete", "good", "bar", "The answer came to its end."),
    Outcome.INTERRUPTED: Shown("interrupted", "interrupted", "warn", "bar_warn", "Either side broke off."),
    Outcome.ERROR: Shown("error", "error", "bad", "bar_bad", "The provider answered with an error."),
    Outcome.BLOCKED: Shown("blocked", "blocked", "bad", "bar_bad", "The gateway did not let it pass."),
    Outcome.UNPARSED: Shown("unparsed", "unparsed", "muted", "bar_none", "Recorded raw: the format is not known."),
    Outcome.OPAQUE: Shown("opaque", "opaque", "muted", "bar_none", "The connection could not be decrypted."),
}
