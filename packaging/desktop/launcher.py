# SPDX-License-Identifier: Apache-2.0
"""What the desktop's bundle starts: the command `auditor`.

Under the name `auditor-desktop` and without arguments it opens the desktop. A bundle has no interpreter beside it:
where the program starts itself anew (`sys.executable -m auditor…`), this stands in for it.
"""

import multiprocessing
import runpy
import sys
from pathlib import Path

from auditor.cli import main


def launch(arguments: list[str]) -> None:
    """Run the command, or the module of ours that `-m` names; `arguments` are those of `sys.argv`."""
    if arguments[1:2] == ["-m"] and arguments[2:3] and arguments[2].partition(".")[0] == "auditor":
        sys.argv = arguments[2:]
        runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
        return
    if len(arguments) == 1 and Path(arguments[0]).stem == "auditor-desktop":
        sys.argv = [*arguments, "desktop"]
    main()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    launch(sys.argv)
