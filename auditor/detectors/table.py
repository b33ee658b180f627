# SPDX-License-Identifier: Apache-2.0
"""The pattern table: every family, in one place."""

from auditor.detectors.addresses import ADDRESSES
from auditor.detectors.births import BIRTHS
from auditor.detectors.cards import CARDS
from auditor.detectors.emails import EMAILS
from auditor.detectors.health import HEALTH
from auditor.detectors.ibans import IBANS
from auditor.detectors.ips import IPS
from auditor.detectors.marks import MARKS
from auditor.detectors.national_ids import NATIONAL_IDS
from auditor.detectors.passwords import PASSWORDS
from auditor.detectors.patterns import Family
from auditor.detectors.persons import PERSONS
from auditor.detectors.phones import PHONES
from auditor.detectors.private_keys import PRIVATE_KEYS
from auditor.detectors.secrets import SECRETS
from auditor.detectors.source_code import SOURCE_CODE

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
    ADDRESSES,
    PERSONS,
    HEALTH,
    MARKS,
    SOURCE_CODE,
)
TYPES: frozenset[str] = frozenset().union(*(family.types for family in FAMILIES))
