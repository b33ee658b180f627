# SPDX-License-Identifier: Apache-2.0
"""Findings: the queue, one in full, and what a step with it needs."""
