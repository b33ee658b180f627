# SPDX-License-Identifier: Apache-2.0
"""The desktop: Qt Widgets over the archive. No SQL and no cryptography here."""
