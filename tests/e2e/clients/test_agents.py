# SPDX-License-Identifier: Apache-2.0
"""Agents of the command line with the environment the gateway states: they work, and what they asked is recorded."""

from pathlib import Path

import pytest

from tests.e2e.clients.agents import AGENTS, ANSWER, QUESTION, missing, run
from tests.e2e.clients.mocks import node_missing

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]


@pytest.mark.parametrize("name", AGENTS)
def test_an_agent_works_and_its_question_is_recorded(name: str, tmp_path: Path) -> None:
    if reason := missing(name) or node_missing():
        pytest.skip(reason)
    done = run(name, tmp_path)
    assert done.check.returncode == 0, done.check.stdout + done.check.stderr
    assert done.said.returncode == 0, done.said.stdout + done.said.stderr
    assert ANSWER in done.said.stdout
    asked = [call for call in done.calls if QUESTION in str(call["input_messages"]) and ANSWER in str(call)]
    assert asked, [(call["url.path"], call["outcome"]) for call in done.calls]
    assert {call["outcome"] for call in asked} == {"complete"}
    assert {call["gen_ai.provider.name"] for call in asked} == {AGENTS[name].provider}
    assert {call["client"] for call in asked} == {AGENTS[name].client}
