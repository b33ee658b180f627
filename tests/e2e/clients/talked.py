# SPDX-License-Identifier: Apache-2.0
"""Every client's program through a real gateway, what it held, and what `auditor calls` tells of it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from auditor.demo.command import Command
from auditor.demo.mock import authority as upstream
from auditor.demo.processes import child, stop
from auditor.demo.stage import listening_port, make_store
from auditor.gateway import authority
from tests.e2e.clients.mocks import PROGRAMS, aimock, behind_tls, clients_python, llmock, node_missing
from tests.ports import free_port

type Json = dict[str, Any]

OURS = {"openai": ["openai_talk"], "azure": ["openai_talk", "azure"], "anthropic": ["anthropic_talk"]}
OURS |= {"google": ["google_talk"]}
"""Programs of clients our own environment has, against llmock."""
SLOW_TO_START = ("langchain", "litellm", "llama_index", "llm")
THEIRS = {name: [f"{name}_talk"] for name in (*SLOW_TO_START, "mistral", "cohere", "groq", "requests")}
"""Programs of the clients' environment, against llmock."""
NODE_OURS, NODE_THEIRS = {"realtime": ["realtime_talk"]}, {name: [f"{name}_talk"] for name in ("bedrock", "ollama")}
"""Programs against aimock."""
NODE = {"sdks": [str(PROGRAMS.parent / "node" / "sdks_talk.mjs")]}
"""Programs that node runs, against llmock."""
LLMOCK_HOSTS = (
    "api.openai.com",
    "contoso.openai.azure.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "api.mistral.ai",
    "api.cohere.com",
    "api.groq.com",
)
AIMOCK_HOSTS = ("bedrock-runtime.eu-central-1.amazonaws.com", "eu.api.openai.com")
OLLAMA = "models.example:11434"
AT_ONCE = 2
QUIET = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "", "no_proxy": ""}


class Talked(msgspec.Struct, frozen=True):
    """What each client held, by its name, and the calls recorded."""

    held: dict[str, list[Json]]
    failed: dict[str, str]
    recorded: list[Json]

    def record(self, held: Json) -> Json:
        """The call recorded of what a client held: by its id or path, else by its question; the first of equal ones."""
        if held.get("id"):
            found = [call for call in self.recorded if call["gen_ai.response.id"] == held["id"]]
            found = found[:1] if held.get("operation") == "batch" else found
        elif held.get("path"):
            found = [call for call in self.recorded if call["url.path"] == held["path"]][:1]
        else:
            found = [call for call in self.recorded if asks(call, held["prompt"])]
        (call,) = found
        return call


def asks(call: Json, prompt: str) -> bool:
    """Whether a call's last message of a user is this one."""
    said = [part.get("content") for one in call["input_messages"] if one["role"] == "user" for part in one["parts"]]
    return bool(said) and said[-1] == prompt


def talk_all(folder: Path) -> Talked:
    """Runs every program there is an environment for."""
    python = clients_python()
    assert python is not None
    runs = {name: _line(str(python), *words) for name, words in THEIRS.items()}
    runs |= {name: _line(sys.executable, *words) for name, words in OURS.items()}
    if node_missing() is None:
        runs |= {name: _line(sys.executable, *words) for name, words in NODE_OURS.items()}
        runs |= {name: _line(str(python), *words) for name, words in NODE_THEIRS.items()}
        runs |= {name: ["node", *words] for name, words in NODE.items()}
    command = Command(folder, {})
    make_store(command)
    with _gateway(command, python) as environment, ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(lambda line: _run(line, environment), runs.values()))
    recorded = command.calls("--content", "--reason", "comparing with the clients")
    for path in command.index_files():
        path.unlink()
    said = dict(zip(runs, done, strict=True))
    held = {name: _lines(one.stdout) for name, one in said.items()}
    failed = {name: one.stderr.decode()[-3000:] for name, one in said.items() if one.returncode}
    return Talked(held, failed, recorded)


def _line(python: str, program: str, *words: str) -> list[str]:
    return [python, str(PROGRAMS / f"{program}.py"), *words]


def _run(line: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(line, env=os.environ | environment | QUIET, capture_output=True, timeout=170, check=False)


def _lines(printed: bytes) -> list[Json]:
    """The program's own lines; LiteLLM prints advice between them."""
    return [msgspec.json.decode(line) for line in printed.splitlines() if line.startswith(b"{")]


@contextmanager
def _gateway(command: Command, python: Path) -> Iterator[Mapping[str, str]]:
    """The gateway in front of the mocks; yields what a client must set in its environment."""
    folder = command.folder
    made = upstream.create(folder, (*LLMOCK_HOSTS, *AIMOCK_HOSTS))
    with ExitStack() as stack:
        first = stack.enter_context(llmock(python, made.server, folder))
        resolve = [f"{host}:443=127.0.0.1:{first}" for host in LLMOCK_HOSTS]
        if node_missing() is None:
            plain = stack.enter_context(aimock(folder))
            second = stack.enter_context(behind_tls(plain, made.server))
            resolve += [f"{host}:443=127.0.0.1:{second}" for host in AIMOCK_HOSTS]
            resolve.append(f"{OLLAMA}=127.0.0.1:{plain}")
        yield stack.enter_context(standing(command, made, resolve, provider_host=[f"{OLLAMA}=ollama"]))


@contextmanager
def standing(
    command: Command, made: upstream.Authority, resolve: list[str], **settings: Any
) -> Iterator[Mapping[str, str]]:
    """A gateway that reaches hosts where `resolve` says; yields the environment that `auditor gateway ca` states."""
    settings |= {"listen": _free(), "resolve": resolve, "upstream_ca": str(made.certificate)}
    lines = (f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in settings.items())
    with (command.gateway / "gateway.toml").open("a", encoding="utf-8") as file:
        file.write("\n[proxy]\n" + "".join(lines))
    line = (sys.executable, "-m", "auditor", "gateway", "run", "--config", str(command.gateway))
    log = command.folder / "gateway.log"
    with child(line, log) as gateway:
        port = listening_port(gateway, log)
        trusted = authority.ensure(command.gateway / "ca")
        yield authority.environment(Path(trusted), f"http://127.0.0.1:{port}")
        assert stop(gateway) == 0, log.read_text()


def _free() -> str:
    """An address nobody listens at: `auditor gateway check` asks at the one in the configuration."""
    return f"127.0.0.1:{free_port()}"
