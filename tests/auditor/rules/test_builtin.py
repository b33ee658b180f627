# SPDX-License-Identifier: Apache-2.0
"""The built-in rules as others see them: pySigma's validators, which `sigma check` runs, have nothing to say."""

from importlib import resources

import pytest
from sigma.collection import SigmaCollection
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

FILES = sorted((resources.files("auditor.rules") / "builtin").iterdir(), key=lambda file: file.name)
OFFLINE = [check for name, check in validators.items() if not name.startswith(("attack", "d3"))]
"""Those of MITRE's tags load them from the network, and no rule of ours bears any."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_third_partys_linter_accepts_every_rule(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert text.startswith("# SPDX-License-Identifier: Apache-2.0\n")
    read = SigmaCollection.from_yaml(text)
    assert read.errors == []
    assert [str(issue) for issue in SigmaValidator(OFFLINE).validate_rules(iter(read.rules))] == []
    assert all(rule.id and rule.date and rule.author and rule.description for rule in read.rules)
    assert "attack." not in text
