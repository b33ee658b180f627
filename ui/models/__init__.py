# SPDX-License-Identifier: Apache-2.0
"""What the views show: rows, columns, pages and texts, between the archive and the widgets."""
