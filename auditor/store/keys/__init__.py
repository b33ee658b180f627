# SPDX-License-Identifier: Apache-2.0
"""Whose store it is: identities, epoch keys, enrolments and the signed facts about them."""
