# SPDX-License-Identifier: Apache-2.0
"""What the organisation itself calls data: its words, patterns and documents."""
