# SPDX-License-Identifier: Apache-2.0
"""llmock (https://github.com/JulienRabault/LLMock) behind TLS, under the providers' own host names.

It serves each provider below a prefix of its own; the names clients know are led there. Prints its port.
`serve_llmock.py CERTIFICATE_AND_KEY`
"""

import re
import socket
import sys
from typing import Any

import uvicorn
from llmock.main import create_app

PREFIXES = {
    "api.anthropic.com": "/anthropic",
    "generativelanguage.googleapis.com": "/gemini",
    "api.mistral.ai": "/mistral",
    "api.cohere.com": "/cohere",
    "api.groq.com": "/groq",
}
DEPLOYMENT = re.compile(r"^/openai/deployments/[^/]+/")


class Named:
    """Leads a request to the part of the mock its host name means."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode().partition(":")[0]
            path = DEPLOYMENT.sub("/v1/", PREFIXES.get(host, "") + scope["path"])
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)


def main(pem: str) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(Named(create_app()), ssl_certfile=pem, ssl_keyfile=pem, log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


main(sys.argv[1])
