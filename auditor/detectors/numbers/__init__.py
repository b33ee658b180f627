# SPDX-License-Identifier: Apache-2.0
"""What has a form and mostly a check digit: cards, accounts, identity and phone numbers, addresses of machines."""
