# SPDX-License-Identifier: Apache-2.0
"""Bringing sealed records from where they are to where they are read: checked on the way, told apart by no key."""
