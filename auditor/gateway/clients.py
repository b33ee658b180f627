# SPDX-License-Identifier: Apache-2.0
"""Client programs: what each heeds in its environment, and whether this environment leads it through the gateway.

The table states what was found by running them, or what their makers state (docs/clients.md says which). A check looks
at the variables of the process that asks, then does what the client would do first: a tunnel through the gateway to the
provider's name, and a handshake that has to show the gateway's certificate. Nothing reaches the provider: the gateway
connects there with the first request.
"""

import os
import socket
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import serialization

from auditor.errors import InputError
from auditor.gateway import authority
from auditor.gateway.check import Result
from auditor.gateway.config import GatewayConfig
from auditor.gateway.settings import HTTP_PROXY_MODES

WAIT = 10.0
"""Seconds the gateway has to answer."""
_PROXY: Final = ("HTTPS_PROXY", "https_proxy")


class Client(msgspec.Struct, frozen=True):
    """A program: the variables that lead it to the proxy and those that make it trust, in the order in which it looks,
    a provider it calls, and a remark."""

    proxy: tuple[str, ...]
    trust: tuple[str, ...]
    host: str
    note: str = ""


def _python(host: str, note: str = "") -> Client:
    return Client(_PROXY, ("SSL_CERT_FILE",), host, note)


def _node(host: str, note: str = "") -> Client:
    return Client(_PROXY, ("NODE_EXTRA_CA_CERTS",), host, note)


_NODE_NOTE = (
    "Node before 24 ignores proxies in the environment, which undici's EnvHttpProxyAgent heeds; "
    "NODE_USE_ENV_PROXY=1 makes later ones heed them."
)

CLIENTS: Final[Mapping[str, Client]] = {
    "openai-python": _python("api.openai.com"),
    "anthropic-python": _python("api.anthropic.com"),
    "google-genai-python": _python("generativelanguage.googleapis.com"),
    "mistral-python": _python("api.mistral.ai"),
    "cohere-python": _python("api.cohere.com"),
    "groq-python": _python("api.groq.com"),
    "ollama-python": _python("ollama.com"),
    "litellm": _python("api.openai.com", "Its default transport is aiohttp with trust_env."),
    "langchain": _python("api.openai.com", "By way of the provider's own client."),
    "llama-index": _python("api.openai.com", "By way of the provider's own client."),
    "llm": _python("api.openai.com", "By way of the provider's own client."),
    "aider": _python("api.openai.com", "By way of LiteLLM."),
    "boto3": Client(_PROXY, ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"), "bedrock-runtime.us-east-1.amazonaws.com"),
    "requests": Client(_PROXY, ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), "api.openai.com"),
    "curl": Client(_PROXY, ("CURL_CA_BUNDLE", "SSL_CERT_FILE"), "api.openai.com"),
    "openai-node": _node("api.openai.com", _NODE_NOTE),
    "anthropic-node": _node("api.anthropic.com", _NODE_NOTE),
    "google-genai-node": _node("generativelanguage.googleapis.com", _NODE_NOTE),
    "mistral-node": _node("api.mistral.ai", _NODE_NOTE),
    "cohere-node": _node("api.cohere.com", _NODE_NOTE),
    "claude-code": _node("api.anthropic.com"),
    "codex": Client(_PROXY, ("CODEX_CA_CERTIFICATE", "SSL_CERT_FILE"), "api.openai.com"),
    "gemini-cli": _node("generativelanguage.googleapis.com"),
}


def check(config: GatewayConfig, name: str, environment: Mapping[str, str] = os.environ) -> tuple[Result, ...]:
    """Look at the environment and at the running gateway as this client would.

    Raises `InputError` for a client that is not in the table, in a mode that is no HTTP proxy, or where the authority
    is missing.
    """
    client = CLIENTS.get(name)
    if client is None:
        raise InputError(f"'{name}' is no client that is known here.", f"Known are: {', '.join(CLIENTS)}.")
    if not config.settings.mode.startswith(HTTP_PROXY_MODES):
        message = f"In mode {config.settings.mode} clients name no HTTP proxy, which is what could be checked."
        raise InputError(message, "What they need says: auditor gateway check")
    certificate = authority.certificate(config.authority).public_bytes(serialization.Encoding.PEM)
    own = authority.environment(config.authority / authority.CERTIFICATE_FILE, address(config))

    def leads_here(value: str) -> bool:
        return _place(value) == _place(address(config))

    def trusts(value: str) -> bool:
        return _holds(Path(value), certificate)

    return (
        _variable(client.proxy, environment, own, leads_here, "does not lead to this gateway"),
        _variable(client.trust, environment, own, trusts, "is no file that holds this gateway's certificate"),
        _handshake(config, client.host),
    )


def address(config: GatewayConfig) -> str:
    """The proxy's URL for a client on this machine or, where one is stated, at the address it listens on."""
    return f"http://{config.reachable('127.0.0.1')}"


def _variable(
    names: tuple[str, ...],
    environment: Mapping[str, str],
    own: Mapping[str, str],
    holds: Callable[[str], bool],
    complaint: str,
) -> Result:
    """Whether the first of these variables that is set is right; programs look no further."""
    name = next((one for one in names if environment.get(one)), None)
    if name is None:
        return Result(False, f"{' or '.join(names)} is not set. Set {names[0]}={own[names[0]]}")
    if not holds(environment[name]):
        return Result(False, f"{name} {complaint}. Set {name}={own[name]}")
    return Result(True, f"{name} is right.")


def _place(url: str) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname
        return host, parts.port
    except ValueError:
        return None, None


def _holds(path: Path, certificate: bytes) -> bool:
    """Whether a file holds this certificate, as text: lists of authorities hold some that a parser complains about."""
    try:
        return b"".join(certificate.split()) in b"".join(path.read_bytes().split())
    except OSError:
        return False


def _handshake(config: GatewayConfig, host: str) -> Result:
    trust = ssl.create_default_context(cafile=str(config.authority / authority.CERTIFICATE_FILE))
    try:
        with socket.create_connection(_place(address(config)), timeout=WAIT) as plain:
            plain.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            answer = plain.recv(4096).partition(b"\r\n")[0].decode("ascii", "replace")
            if " 407 " in answer:
                return Result(
                    True, "The gateway answers; it asks for a sign-in: add USER:PASSWORD@ to the proxy's URL."
                )
            if " 200" not in answer:
                return Result(False, f"The gateway does not open a tunnel to {host}: {answer}.")
            with trust.wrap_socket(plain, server_hostname=host):
                return Result(True, f"The gateway answers for {host} with its own certificate: calls will be recorded.")
    except ssl.SSLError as error:
        reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
        return Result(False, f"{host} does not show the gateway's certificate: {reason}. Its calls are not recorded.")
    except OSError as error:
        return Result(False, f"No gateway answers at {address(config)}: {error.strerror or error}. Start it first.")
