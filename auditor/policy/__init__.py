# SPDX-License-Identifier: Apache-2.0
"""What the organisation itself says: whom it sanctions, whose keys they are, what it trains, what it calls data."""

from auditor.policy.loading import POLICY, load, of_folder, parse
from auditor.policy.model import UNSAID, Account, Policy, ProviderPolicy, Standing, Team, Training

__all__ = [
    "POLICY",
    "UNSAID",
    "Account",
    "Policy",
    "ProviderPolicy",
    "Standing",
    "Team",
    "Training",
    "load",
    "of_folder",
    "parse",
]
