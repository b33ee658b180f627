# SPDX-License-Identifier: Apache-2.0
"""The words of what was said, by which contents are searched: which a text has, how they are kept, of which calls."""
