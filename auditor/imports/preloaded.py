# SPDX-License-Identifier: Apache-2.0
"""Importing this sets up what every worker needs and none changes: tables and compiled patterns.

The server process that workers are forked from imports it once for all of them.
"""

from auditor.imports.orders import Order
from auditor.imports.readying import made_ready
from auditor.settling import settle

settle(lambda exchange: made_ready([exchange], Order(key=bytes(32))))
