# SPDX-License-Identifier: Apache-2.0
"""Mode `local` without its redirector captures nothing, and mitmproxy goes on: here the proxy process learns of it."""

import asyncio
import logging
from collections.abc import Callable

_NOTED_BY = "mitmproxy.packet_sources"
"""The logger by which mitmproxy_rs says that the process ended; `wait_closed` does not return then (0.12)."""


class Watch(logging.Handler):
    """Calls `gone` in the loop, once, when the redirector has ended by itself."""

    def __init__(self, gone: Callable[[], None]) -> None:
        super().__init__(logging.ERROR)
        self._loop = asyncio.get_running_loop()
        self._gone = gone
        logging.getLogger(_NOTED_BY).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """A thread of mitmproxy_rs says it."""
        if "redirector] exited" in record.getMessage():
            logging.getLogger(_NOTED_BY).removeHandler(self)
            self._loop.call_soon_threadsafe(self._gone)
