# SPDX-License-Identifier: Apache-2.0
"""Tokens, keys and passwords: by their form, or by what stands before them."""
