# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as the user is told: one sentence, what to do, and the exit code.

Anything that is no `AuditorError` is a defect of ours. Messages never carry content, keys or passphrases.
"""

from typing import ClassVar


class AuditorError(Exception):
    """A known failure: `message` says what and where, `advice` what to do about it."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def diagnostics(self) -> str:
        """The text for a person: the sentence, then the advice where there is one."""
        return f"{self.message} {self.advice}".rstrip()


class CheckFailed(AuditorError):
    """A check did not hold (verify, rules test, report --fail-on)."""

    exit_code = 1


class InputError(AuditorError):
    """Wrong usage or a bad input file; nothing was written."""

    exit_code = 2


class UnlockError(AuditorError):
    """The store or the identity could not be unlocked."""

    exit_code = 3


class EnvironmentFailure(AuditorError):
    """The environment failed: disk full, port taken, server away."""

    exit_code = 4


class DiskFull(EnvironmentFailure):
    """There is no space left; nothing of what was to be written was kept."""
