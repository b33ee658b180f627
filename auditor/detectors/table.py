# SPDX-License-Identifier: Apache-2.0
"""The pattern table: every family, in one place."""

from auditor.detectors.births import BIRTHS
from auditor.detectors.cards import CARDS
from auditor.detectors.emails import EMAILS
from auditor.detectors.ibans import IBANS
from auditor.detectors.ips import IPS
from auditor.detectors.national_ids import NATIONAL_IDS
from auditor.detectors.passwords import PASSWORDS
from auditor.detectors.patterns import Family
from auditor.detectors.phones import PHONES
from auditor.detectors.private_keys import PRIVATE_KEYS
from auditor.detectors.secrets import SECRETS

FAMILIES: tuple[Family, ...] = (
    PRIVATE_KEYS,
    SECRETS,
    PASSWORDS,
    CARDS,
    IBANS,
    EMAILS,
    IPS,
    PHONES,
    BIRTHS,
    NATIONAL_IDS,
)
TYPES: frozenset[str] = frozenset().union(*(family.types for family in FAMILIES))
