# SPDX-License-Identifier: Apache-2.0
"""The recorder's thread that reads exchanges, and what it has to load before the first.

Loading compiles patterns where nobody has compiled them yet: ten seconds of processor time, much longer on a busy
machine. What holds:
- It goes on beside the event loop, and only what is read waits for it.
- An end waits for what was given to be read, and for loading only where something was.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Worker:
    """One thread; works in the order in which work was given."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "pipeline")
        self._loading: threading.Thread | None = None

    def load(self, work: Callable[[], object]) -> None:
        """Begin to load what reading needs."""
        self._loading = threading.Thread(target=work, name="loading", daemon=True)
        self._loading.start()

    @property
    def is_loading(self) -> bool:
        """Whether that still goes on."""
        return self._loading is not None and self._loading.is_alive()

    def do[**P](self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something that needs nothing loaded, after what was given before; raises `RuntimeError` once closed."""
        self._pool.submit(work, *args, **kwargs)

    def read[**P](self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something that needs all of it."""
        self._pool.submit(self._loaded)
        self.do(work, *args, **kwargs)

    def close(self) -> None:
        """Wait until all that was given is done; nothing more is taken."""
        self._pool.shutdown(wait=True)

    def _loaded(self) -> None:
        if self._loading is not None:
            self._loading.join()
