# SPDX-License-Identifier: Apache-2.0
"""When the pieces of an answer came, in few numbers: what `auditor.calls.Exchange.arrivals` holds.

Pieces that came within ten milliseconds are one. At most `MOST` are kept: where more come, neighbours are joined, over
twice the time and so on, so that the course of an hour's stream takes no more room than that of a second.
"""

MOST = 256
FINEST_MS = 10


class Arrivals:
    """Collects the pieces of one answer."""

    def __init__(self) -> None:
        self._within = FINEST_MS
        self._pieces: list[tuple[int, int]] = []

    def note(self, at_ms: float, size: int) -> None:
        """So many bytes came, so many milliseconds from the exchange's start; never earlier than the ones before."""
        self._add(int(at_ms), size)
        while len(self._pieces) > MOST:
            self._within *= 2
            pieces, self._pieces = self._pieces, []
            for piece in pieces:
                self._add(*piece)

    def _add(self, at: int, size: int) -> None:
        if self._pieces and at - self._pieces[-1][0] < self._within:
            first, joined = self._pieces[-1]
            self._pieces[-1] = (first, joined + size)
        else:
            self._pieces.append((at, size))

    def told(self) -> tuple[int, ...]:
        """By turns the milliseconds since the piece before and the bytes; nothing where all came at once."""
        if len(self._pieces) < 2:
            return ()
        before = (0, *(at for at, _ in self._pieces))
        return tuple(
            number for last, (at, size) in zip(before, self._pieces, strict=False) for number in (at - last, size)
        )
