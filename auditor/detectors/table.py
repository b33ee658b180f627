# SPDX-License-Identifier: Apache-2.0
"""The pattern table: every family, in one place."""

from auditor.detectors.cards import CARDS
from auditor.detectors.emails import EMAILS
from auditor.detectors.ibans import IBANS
from auditor.detectors.ips import IPS
from auditor.detectors.patterns import Family
from auditor.detectors.private_keys import PRIVATE_KEYS
from auditor.detectors.secrets import SECRETS

FAMILIES: tuple[Family, ...] = (PRIVATE_KEYS, SECRETS, CARDS, IBANS, EMAILS, IPS)
TYPES: frozenset[str] = frozenset().union(*(family.types for family in FAMILIES))
