# SPDX-License-Identifier: Apache-2.0
from tests.auditor.store.conftest import home
from tests.postgres import postgres

__all__ = ["home", "postgres"]
