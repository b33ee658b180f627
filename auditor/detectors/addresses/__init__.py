# SPDX-License-Identifier: Apache-2.0
"""Postal addresses, in text and in fields."""
