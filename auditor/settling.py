# SPDX-License-Identifier: Apache-2.0
"""How a process that reads exchanges settles: all it needs is loaded, and the garbage collector leaves that alone.

Reading an exchange makes thousands of objects that hold no cycles: counting their references frees them. By default
the collector looks at them again every 2,000 objects, and at all tables and modules now and then: two to four
hundredths of the time in which exchanges are read, and pauses that grow with what is set up.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from auditor.calls import Exchange, Request, Response

YOUNG: Final = 50_000
"""Objects made and still there before the collector looks at them; what a batch of exchanges holds, about 10 MB."""

FIRST: Final = Exchange(
    id="first",
    time=datetime(2026, 1, 1, tzinfo=UTC),
    request=Request(
        method="POST",
        url="https://api.openai.com/v1/chat/completions",
        headers=(("content-type", "application/json"), ("authorization", "Bearer none")),
        body=b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "Dear Mr. Smith, how are you?"}]}',
    ),
    response=Response(
        status=200,
        headers=(("content-type", "application/json"),),
        body=b'{"id": "first", "object": "chat.completion", "model": "gpt-4o", "choices": [{"index": 0, "message": '
        b'{"role": "assistant", "content": "Very well."}}], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}',
    ),
)
"""Read once and dropped, so that tables, patterns and prices are loaded when the first call comes: half a second of
processor time, by which its record would come late."""


def settle(process: Callable[[Exchange], object]) -> None:
    """Have one exchange read; what is there then is never looked at again, and what comes is looked at rarely."""
    process(FIRST)
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


@contextmanager
def busy() -> Iterator[None]:
    """Inside, what comes is looked at rarely."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
