# SPDX-License-Identifier: Apache-2.0
"""The sealed ledgers: keys, records, chains, verification."""
