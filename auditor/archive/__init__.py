# SPDX-License-Identifier: Apache-2.0
"""What an unlocked auditor sees: the index over the ledgers, filters, and content with a reason."""
