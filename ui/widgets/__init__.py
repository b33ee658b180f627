# SPDX-License-Identifier: Apache-2.0
"""Widgets that know nothing of the store: they show values they are given."""
