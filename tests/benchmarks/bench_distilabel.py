# SPDX-License-Identifier: Apache-2.0
"""distilabel (PyPI) through the real gateway against the demo's mock providers, its rows uploaded to another provider.

    DISTILABEL_PYTHON=/path/to/environment/bin/python python -m tests.benchmarks distilabel

The environment is one of its own (`pip install distilabel[openai]==1.5.3 anthropic==0.125.0 requests pillow`): its
hundred packages are none of ours. Expected: the generator's finding is `evidenced`, an evaluation harness and an agent
have none above `inconclusive`.
"""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from auditor.demo import people
from auditor.demo.people import Person
from auditor.demo.stage import Stage, set_up

PROGRAMS: Final = Path(__file__).parent / "programs"
ROWS: Final = 14
TIMEOUT: Final = 400.0
QUIET: Final = frozenset({"inconclusive", "informational"})


def play(python: str, stage: Stage, who: Person, program: str, *arguments: str) -> None:
    """Run one program as a person, through the gateway."""
    route = stage.route(who)
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY")
    environment = {
        **os.environ,
        **dict.fromkeys(names, route.proxy),
        "NO_PROXY": "",
        "SSL_CERT_FILE": route.authority,
        "REQUESTS_CA_BUNDLE": route.authority,
        "HF_HUB_OFFLINE": "1",
    }
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(  # our own program, no shell
        [python, "-W", "ignore", str(PROGRAMS / program), *arguments],
        env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False, cwd=stage.command.folder,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr[-2000:]}")


def grades(stage: Stage, calls: list[dict[str, Any]], model: str) -> set[str]:
    """The grades of the findings about whoever called a model."""
    actors = {call["actor"] for call in calls if call["gen_ai.request.model"] == model}
    kinds = ("distillation", "lineage")
    return {one["grade"] for one in stage.command.findings() if one["actor"] in actors and one["kind"] in kinds}


def main() -> None:
    """Run it."""
    python = os.environ.get("DISTILABEL_PYTHON")
    if not python:
        print("distilabel: no environment given (DISTILABEL_PYTHON)")  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder, set_up(Path(folder)) as stage:
        play(python, stage, people.DATASETS, "distil.py", str(ROWS))
        play(python, stage, people.ENGINEER, "harmless.py", "evaluation", "20")
        play(python, stage, people.FINANCE, "harmless.py", "agent", "12")
        stage.command.run("analyze")
        calls = stage.command.calls()
        found = grades(stage, calls, "claude-sonnet-4-5")
        quiet = grades(stage, calls, "claude-haiku-5-5")
    print(f"distilabel: {len(calls)} calls; generator {sorted(found)}, harness and agent {sorted(quiet)}")  # noqa: T201
    if found != {"evidenced"} or not quiet <= QUIET:
        raise SystemExit("distilabel: not as expected")


if __name__ == "__main__":
    main()
