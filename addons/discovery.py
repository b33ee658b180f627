# SPDX-License-Identifier: Apache-2.0
"""AI endpoints that nobody configured: noticed by what little passes in clear, and proposed to the operator.

Nothing more is opened for it. A name that speaks of models, or a readable request to a path that AI interfaces share,
is named in the log once, with the setting that would record it. What the operator does not take up stays tunnelled.
"""

import logging
import re
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

MOST = 1000
"""Hosts remembered; beyond them none is proposed any more until the gateway restarts."""

_NAME: Final = re.compile(
    r"(^|[.\-_])(ai-?gateway|anthropic|azureml|claude|deepseek|gen-?ai|gpt|huggingface|inference|litellm|llama|llms?"
    r"|mistral|ollama|open-?webui|openai|openrouter|qwen|sglang|tgi|vllm)\d*([.\-_]|$)",
    re.IGNORECASE,
)
_PATHS: Final = (
    (re.compile(r"/(chat/completions|completions|embeddings|responses|audio/\w+|images/\w+)$"), "openai"),
    (re.compile(r"/v1/messages(/\w+)?$"), "anthropic"),
    (re.compile(r"/v1(beta)?\d?/.*models/[^/]+:\w+$"), "gemini"),
    (re.compile(r"/api/(chat|generate|embed|embeddings)$"), "ollama"),
    (re.compile(r"/v2/(chat|embed|rerank)$"), "cohere"),
)
"""Paths by which self-hosted servers are known, and the family whose form they follow."""
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9.:\-_\[\]]")
"""What no host name contains, and a log must not: clients choose what they call a host."""


class Discovery:
    """Proposes each host once. `discovered` is called for each."""

    def __init__(self, discovered: Callable[[], None], wanted: bool = True) -> None:
        self._discovered = discovered
        self._known: set[tuple[str, int]] = set()
        self.wanted = wanted

    def named(self, host: str, port: int) -> None:
        """A connection to this name is tunnelled."""
        if _NAME.search(host):
            self._propose(host, port, None, "its name")

    def asked(self, host: str, port: int, method: str, path: str) -> None:
        """A readable request that is not recorded."""
        bare = path.partition("?")[0]
        family = next((family for pattern, family in _PATHS if pattern.search(bare)), None)
        if method == "POST" and family:
            self._propose(host, port, family, "a path that AI interfaces use")

    def _propose(self, host: str, port: int, family: str | None, reason: str) -> None:
        place = (host.lower(), port)
        if not self.wanted or place in self._known or len(self._known) >= MOST:
            return
        self._known.add(place)
        self._discovered()
        entry = f"{_NO_NAME.sub('?', host)[:255]}:{port}={family or 'DIALECT'}"
        log.warning("unknown AI endpoint, by %s; not recorded unless configured: --provider-host %s", reason, entry)
