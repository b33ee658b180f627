# SPDX-License-Identifier: Apache-2.0
"""Word lists of the detectors, with the source of each in its header."""
