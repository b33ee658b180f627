# SPDX-License-Identifier: Apache-2.0
"""JSON patches as web assistants stream them: a path, an operation and a value, applied to what was said so far.

Looser than RFC 6902: `append` lengthens texts, arrays and objects, and paths that lead nowhere change nothing.
"""

import copy
from typing import Any


def apply(root: Any, path: str, operation: str, value: Any) -> None:
    """Apply one patch in place; paths are separated by `/`, elements of arrays counted, `-1` for the last."""
    value = copy.deepcopy(value) if isinstance(value, (dict, list)) else value  # later patches must not change events
    *steps, last = [step for step in path.split("/") if step] or [""]
    target = root
    for step in steps:
        target = below(target, step)
    held = below(target, last)
    if operation == "append" and isinstance(held, str) and isinstance(value, str):
        _set(target, last, held + value)
    elif operation == "append" and isinstance(held, list):
        held += value if isinstance(value, list) else [value]
    elif operation == "append" and isinstance(held, dict) and isinstance(value, dict):
        held |= value
    elif operation in ("replace", "set", "add", "append"):
        _set(target, last, value)


def below(target: Any, step: str) -> Any:
    """What lies one step below, or None."""
    if isinstance(target, dict):
        return target.get(step)
    index = _index(target, step)
    return target[index] if index is not None and index < len(target) else None


def _set(target: Any, step: str, value: Any) -> None:
    index = _index(target, step)
    if isinstance(target, dict):
        target[step] = value
    elif index is not None and index < len(target):
        target[index] = value
    elif index is not None and index == len(target):
        target.append(value)


def _index(target: Any, step: str) -> int | None:
    if not isinstance(target, list):
        return None
    if step == "-1":
        return len(target) - 1 if target else None
    return int(step) if step.isdecimal() and len(step) < 8 else None
