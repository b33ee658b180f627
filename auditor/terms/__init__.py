# SPDX-License-Identifier: Apache-2.0
"""Provider terms: documents, clauses and facts, one data file a provider, and what may be said on their strength."""

from auditor.terms.model import Clause, Document, Marker, ProviderTerms, Role, Status
from auditor.terms.registry import Registry

__all__ = ["Clause", "Document", "Marker", "ProviderTerms", "Registry", "Role", "Status"]
