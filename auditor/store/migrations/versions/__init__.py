# SPDX-License-Identifier: Apache-2.0
"""One file a migration, in the order of their numbers. What is released is never edited: a change is a new file."""
