# SPDX-License-Identifier: Apache-2.0
"""The inspector: one call in every aspect, its content only after a reason was recorded."""

from ui.inspector.inspector import Inspector

__all__ = ["Inspector"]
