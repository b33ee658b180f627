# SPDX-License-Identifier: Apache-2.0
"""The pattern table: every family, in one place."""

from auditor.detectors.addresses.addresses import ADDRESSES
from auditor.detectors.code.source_code import SOURCE_CODE
from auditor.detectors.credentials.passwords import PASSWORDS
from auditor.detectors.credentials.private_keys import PRIVATE_KEYS
from auditor.detectors.credentials.secrets import SECRETS
from auditor.detectors.health import HEALTH
from auditor.detectors.marks import MARKS
from auditor.detectors.numbers.births import BIRTHS
from auditor.detectors.numbers.cards import CARDS
from auditor.detectors.numbers.emails import EMAILS
from auditor.detectors.numbers.ibans import IBANS
from auditor.detectors.numbers.ips import IPS
from auditor.detectors.numbers.national_ids import NATIONAL_IDS
from auditor.detectors.numbers.phones import PHONES
from auditor.detectors.patterns import Family
from auditor.detectors.persons.persons import PERSONS

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
