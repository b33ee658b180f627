# SPDX-License-Identifier: Apache-2.0
"""What data is in a text: one file per family of data."""
