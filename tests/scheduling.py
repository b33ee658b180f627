# SPDX-License-Identifier: Apache-2.0
"""Which tests one process of pytest-xdist runs (`--dist loadfile`): those of a file, or of a folder with one stage."""

from xdist.scheduler import LoadFileScheduling

STAGES = ("tests/e2e/clients/", "tests/e2e/sdk/")
"""Folders whose tests share a fixture of the session that takes long: traffic that shall pass once."""


class ByStage(LoadFileScheduling):
    """By files, but for the folders in `STAGES`. (`--dist loadgroup` groups nothing with pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        return next((stage for stage in STAGES if nodeid.startswith(stage)), super()._split_scope(nodeid))
