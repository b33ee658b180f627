# SPDX-License-Identifier: Apache-2.0
"""A call as the contract's JSON, with what was said in it where that was asked for."""

import msgspec

from auditor.calls import Call, Content

_encode = msgspec.json.Encoder().encode


def call_json(call: Call, content: Content | None = None) -> bytes:
    """One JSON object; with `content` also `system_instructions`, `input_messages`, `output_messages` and
    `tool_definitions`. Absent facts are null.
    """
    facts = _encode(call)
    # Both are objects with at least one field and none in common, so that they join without decoding either.
    return facts if content is None else facts[:-1] + b"," + _encode(content)[1:]
