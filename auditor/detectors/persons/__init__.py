# SPDX-License-Identifier: Apache-2.0
"""Names of persons: behind labels, in running text, in scripts without capitals."""
