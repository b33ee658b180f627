# SPDX-License-Identifier: Apache-2.0
"""Whether a store is what its signatures say, record by record."""
