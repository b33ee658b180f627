# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: measured by hand, never in the test run."""
