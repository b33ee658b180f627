# SPDX-License-Identifier: Apache-2.0
"""What mitmproxy does for whoever writes addons at its prompt, and a gateway need not pay for at every call.

- It checks the type of every field of each request and response it makes itself: an eighth of the proxy's processor
  time. `install()` leaves that out.
- It asks all addons for each hook, and after each hook once more whether they care that a flow changed. `Hooks` keeps
  who has which, and none of ours cares. What a hook is given is read from the event once, not once for each of them.
"""

import inspect
from collections.abc import Callable
from typing import Any

from mitmproxy import http
from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.exceptions import AddonHalt
from mitmproxy.hooks import Hook


class Hooks(AddonManager):
    """The addons of a process whose set of addons is complete before it serves."""

    def __init__(self, master: Any) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._having: dict[str, tuple[Callable[..., Any], ...]] = {}

    def register(self, addon: Any) -> Any:
        """Take one more."""
        self._having.clear()
        return super().register(addon)  # type: ignore[no-untyped-call]

    async def handle_lifecycle(self, event: Hook) -> None:
        """Tell of an event."""
        await self.trigger_event(event)

    async def trigger_event(self, event: Hook) -> None:
        """Call whoever has the hook, in their order; what one of them raises is logged, and the next is called."""
        having = self._having.get(event.name)
        if having is None:
            having = self._having[event.name] = tuple(
                hook for addon in self.chain for _, hook in self._iter_hooks(addon, event)
            )
        given = event.args()
        for hook in having:
            try:
                result = hook(*given)
                if result is not None and inspect.isawaitable(result):
                    await result
            except AddonHalt:
                return
            except Exception:  # logged as mitmproxy logs it: others are told all the same
                with safecall():  # entered at every call, it would cost more than most hooks
                    raise


def install() -> None:
    """Trust messages that mitmproxy's own parsers made, in this process; calling it again changes nothing."""
    http.MessageData.__post_init__ = lambda self: None  # type: ignore[method-assign]
