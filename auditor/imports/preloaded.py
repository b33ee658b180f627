# SPDX-License-Identifier: Apache-2.0
"""Importing this sets up what every worker needs and none changes: tables and compiled patterns.

The server process that workers are forked from imports it once for all of them.
"""

from datetime import UTC, datetime

from auditor.calls import Exchange, Request
from auditor.imports.readying import made_ready
from auditor.imports.workers import Order
from auditor.settling import settle

_NOTHING = Exchange(
    id="", time=datetime.now(UTC), request=Request(method="GET", url="https://api.openai.com/v1/models")
)
made_ready([_NOTHING], Order(key=bytes(32)))
settle()
