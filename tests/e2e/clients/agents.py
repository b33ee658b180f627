# SPDX-License-Identifier: Apache-2.0
"""Agents of the command line, as a person types them, through a real gateway to aimock.

They are large (1.5 GB), so only `make agents` fetches them, into `.agents` (or the folder named by AUDITOR_AGENTS).
Each gets an empty home of its own and, beside that, nothing in its environment but what `auditor gateway ca` states and
its key: what they heed is then what docs/clients.md says.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from auditor.demo.command import Command
from auditor.demo.mock import authority as upstream
from auditor.demo.stage import make_store
from tests.e2e.clients.mocks import ROOT, aimock, behind_tls
from tests.e2e.clients.talked import standing

QUESTION = "Which ferry ports lie on the North Sea?"
ANSWER = "Esbjerg, Hirtshals, IJmuiden, Zeebrugge, Rotterdam and Newcastle."
PATIENCE = 150.0
"""Seconds an agent has; on an idle machine none takes twenty."""


class Agent(msgspec.Struct, frozen=True):
    """A program below the folder of agents, what follows it on the line before and after the question, its own
    variables, and what the record has to say of it."""

    program: str
    line: tuple[str, ...]
    variables: Mapping[str, str]
    provider: str
    client: str
    hosts: tuple[str, ...]


_NODE = "node_modules/.bin/"
_QUIETLY = ("--no-git", "--yes-always", "--no-check-update", "--analytics-disable", "--no-show-model-warnings")
AGENTS: Final[Mapping[str, Agent]] = {
    "claude-code": Agent(
        f"{_NODE}claude",
        ("-p", QUESTION),
        {"ANTHROPIC_API_KEY": "sk-ant-api03-test", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"},
        "anthropic",
        "claude-code",
        ("api.anthropic.com",),
    ),
    "codex": Agent(
        f"{_NODE}codex",
        ("exec", "--skip-git-repo-check", QUESTION),
        {"OPENAI_API_KEY": "sk-test", "CODEX_API_KEY": "sk-test"},
        "openai",
        "codex-cli",
        ("api.openai.com",),
    ),
    "gemini-cli": Agent(
        f"{_NODE}gemini",
        ("-p", QUESTION),
        {"GEMINI_API_KEY": "test", "GEMINI_CLI_TRUST_WORKSPACE": "true"},
        "gcp.gemini",
        "gemini-cli",
        ("generativelanguage.googleapis.com",),
    ),
    "aider": Agent(
        "aider/bin/aider",
        (*_QUIETLY, "--model", "openai/gpt-4o-mini", "--message", QUESTION),
        {"OPENAI_API_KEY": "sk-test", "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        "openai",
        "openai-python",
        ("api.openai.com",),
    ),
}


class Run(msgspec.Struct, frozen=True):
    """What an agent printed, what `auditor gateway check --client` said before, and the calls recorded of it."""

    said: subprocess.CompletedProcess[str]
    check: subprocess.CompletedProcess[str]
    calls: list[dict[str, Any]]


def program(name: str) -> Path:
    """Where an agent's program lies, if it was fetched."""
    return Path(os.environ.get("AUDITOR_AGENTS", ROOT / ".agents")) / AGENTS[name].program


def missing(name: str) -> str | None:
    """Why an agent cannot run here, or None where it can."""
    return None if program(name).exists() else f"{program(name)} is missing (`make agents`): {name} was NOT run"


def run(name: str, folder: Path) -> Run:
    """An agent asks the question, at a gateway and a store of its own."""
    command, home = Command(folder, {}), folder / "home"
    home.mkdir()
    make_store(command)
    with _through(command, AGENTS[name]) as stated:
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), **stated, **AGENTS[name].variables}
        looks = [
            sys.executable,
            "-m",
            "auditor",
            "gateway",
            "check",
            "--config",
            str(command.gateway),
            "--client",
            name,
        ]
        check = _run(looks, ROOT, environment)
        said = _run([str(program(name)), *AGENTS[name].line], home, environment)
    calls = command.calls("--content", "--reason", "comparing with the agent")
    for path in command.index_files():
        path.unlink()
    return Run(said, check, calls)


def _run(line: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        line,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def _through(command: Command, agent: Agent) -> Iterator[Mapping[str, str]]:
    made = upstream.create(command.folder, agent.hosts)
    with ExitStack() as stack:
        port = stack.enter_context(behind_tls(stack.enter_context(aimock(command.folder)), made.server))
        resolve = [f"{host}:443=127.0.0.1:{port}" for host in agent.hosts]
        yield stack.enter_context(standing(command, made, resolve))
