# SPDX-License-Identifier: Apache-2.0
"""Rules of the tests' own, written into a folder."""

from pathlib import Path

from auditor.rules import Rule, Rules, load

HEAD = """\
title: {title}
status: test
description: A rule of a test.
logsource:
  product: ai-usage-auditor
detection:
"""


def rules(folder: Path, detection: str, title: str = "One", tail: str = "") -> Rules:
    """What is read of one rule whose detection says this."""
    folder.mkdir(exist_ok=True)
    lines = "".join(f"  {line}\n" for line in detection.strip().splitlines())
    (folder / f"{title}.yml").write_text(HEAD.format(title=title) + lines + tail)
    return load([folder], built_in=False)


def rule(folder: Path, detection: str, tail: str = "") -> Rule:
    """The one rule."""
    read = rules(folder, detection, tail=tail)
    assert read.bad == ()
    return read.rules[0]
