# SPDX-License-Identifier: Apache-2.0
"""The error of an answer as a code: providers' texts may quote the prompt or the key, so they are never taken."""

import re
from collections.abc import Mapping
from typing import Any

from auditor.dialects.values import obj

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/#-]{0,99}")
_FIELDS = ("type", "code", "status", "__type", "error_code")


def error_code(body: Any) -> str | None:
    """The codes an error body states, joined by `/` (`invalid_request_error/model_not_found`), or None."""
    if isinstance(body, list):
        body = body[0] if body else None
    outer = obj(body)
    inner = outer.get("error")
    if isinstance(inner, str) and _CODE.fullmatch(inner):
        return inner
    codes = _codes(obj(inner) or outer)
    return "/".join(codes) or None


def stated_error(fields: Mapping[str, Any]) -> str | None:
    """The code of what an answer states as its `error`, `error` where that is a text; None where it states none."""
    return (error_code(fields) or "error") if fields.get("error") else None


def _codes(fields: Any) -> list[str]:
    values = [fields.get(name) for name in _FIELDS]
    plain = [str(value) for value in values if isinstance(value, (str, int)) and not isinstance(value, bool)]
    return list(dict.fromkeys(one for one in plain if _CODE.fullmatch(one) and one != "error"))
