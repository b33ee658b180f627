# SPDX-License-Identifier: Apache-2.0
"""Source code and its language."""
