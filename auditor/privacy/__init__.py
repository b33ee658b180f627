# SPDX-License-Identifier: Apache-2.0
"""Pseudonyms, redaction and masking."""
