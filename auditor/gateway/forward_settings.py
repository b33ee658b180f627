# SPDX-License-Identifier: Apache-2.0
"""The table `[forward]` of `gateway.toml`: where findings are forwarded to (see `auditor.gateway.forwarding`)."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from auditor.errors import InputError
from auditor.findings import Level

ADVICE: Final = "Correct the table [forward]."


class Forward(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[forward]`; paths are absolute once it is loaded."""

    syslog: str | None = None
    webhook: str | None = None
    token_file: str | None = None
    ca: str | None = None
    level: Level = Level.LOW

    @classmethod
    def of(cls, table: Any, path: Path) -> "Forward | None":
        """The table of a file, where there is one. Raises `InputError` naming the file."""
        if table is None:
            return None
        try:
            made = msgspec.convert(table, cls)
        except msgspec.ValidationError as error:
            raise InputError(f"{path}: forward: {error}.", ADVICE) from None
        for name, schemes in (("syslog", ("syslog+tls",)), ("webhook", ("https",))):
            url = getattr(made, name)
            if url is not None and (urlsplit(url).scheme not in schemes or not urlsplit(url).hostname):
                raise InputError(f"{path}: forward: {name} '{url}' is no {schemes[0]}://HOST.", ADVICE)
        absolute = {
            name: str((path.parent / value).resolve())
            for name in ("token_file", "ca")
            if (value := getattr(made, name))
        }
        return msgspec.structs.replace(made, **absolute)
