# SPDX-License-Identifier: Apache-2.0
"""What was said, as it is read: turns, texts, files, and the gate before them."""
