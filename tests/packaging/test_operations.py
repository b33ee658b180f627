# SPDX-License-Identifier: Apache-2.0
"""What operators put beside a gateway asks only for metrics that a gateway has."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from auditor.gateway.health import serve_metrics
from tests.auditor.gateway.test_health import Watched, free, get

FOLDER = Path(__file__).parents[2] / "packaging/gateway"


def served() -> set[str]:
    address = free()
    with serve_metrics(Watched(), address):
        text = get(address, "/metrics")[1]
    return set(re.findall(r"^(auditor_\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["alerts.yml", "alerts-test.yml", "grafana-dashboard.json"])
def test_every_metric_exists(name: str) -> None:
    asked = set(re.findall(r"\bauditor_\w+", (FOLDER / name).read_text()))
    assert asked
    assert asked <= served()


def test_the_package_has_what_its_guide_links_to_and_names() -> None:
    recipe = (FOLDER.parent / "deb.sh").read_text()
    guide = (FOLDER.parents[1] / "docs/operator-guide.md").read_text()
    named = set(re.findall(r"\]\((\w[\w-]*\.md)", guide)) | set(re.findall(r"packaging/gateway/([\w.]+\.\w+)", guide))
    assert named >= {"clients.md", "haproxy.cfg", "transparent.nft"}
    assert {name for name in named if name not in recipe} == set()


def test_the_dashboard_is_whole() -> None:
    board = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) > 10
    assert all(panel["targets"] and panel["title"] for panel in board["panels"])


def test_the_alert_rules_hold() -> None:
    if not shutil.which("promtool"):
        pytest.skip("promtool (Debian package prometheus) is not installed")
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts-test.yml"]):
        said = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr


def test_the_service_is_hardened() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze (Debian package systemd) is not installed")
    command = ["systemd-analyze", "security", "--offline=true", "ai-usage-auditor-gateway.service"]
    said = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([\d.]+)", said.stdout)
    assert found, said.stderr
    assert float(found[1]) <= 1.5, said.stdout
