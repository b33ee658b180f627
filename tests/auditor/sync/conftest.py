# SPDX-License-Identifier: Apache-2.0
from tests.auditor.store.conftest import home

__all__ = ["home"]
