# SPDX-License-Identifier: Apache-2.0
"""Figures and charts, and the tables that say the same."""
