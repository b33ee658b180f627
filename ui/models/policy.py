# SPDX-License-Identifier: Apache-2.0
"""Where the organisation's policy lies for a store, and what it says."""

from pathlib import Path

from auditor.policy import POLICY, Policy, of_folder
from auditor.store.create import GATEWAY
from auditor.store.location import Location


def policy_file(location: str) -> Path:
    """The policy of a store: in the gateway's folder beside it, where `auditor analyze` reads it, too."""
    return Location.parse(location).folder.absolute().parent / GATEWAY / POLICY


def policy_of(location: str) -> Policy:
    """What the policy says; an empty one where there is none. Raises `InputError` where the file is wrong."""
    return of_folder(policy_file(location).parent)
