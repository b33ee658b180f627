# SPDX-License-Identifier: Apache-2.0
"""The command `llm`, as a person types it, whole and streamed; its settings in a folder of their own."""

import os
import subprocess
import sys
import tempfile

from held import KEY, prompt, say

MODEL = "gpt-4o-mini"

with tempfile.TemporaryDirectory() as folder:
    for case, stream in (("llm text", False), ("llm stream", True)):
        line = [sys.executable, "-m", "llm", "--no-log", "--model", MODEL, "--key", KEY, prompt(case)]
        printed = subprocess.run(
            [*line, *([] if stream else ["--no-stream"])],
            env=os.environ | {"LLM_USER_PATH": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.decode()
        say(case, requested=MODEL, stream=stream, text=printed.removesuffix("\n"), tools=[])
