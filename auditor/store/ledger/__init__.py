# SPDX-License-Identifier: Apache-2.0
"""A ledger's file: its one writer, its readers, and what they share."""
