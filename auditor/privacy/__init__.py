# SPDX-License-Identifier: Apache-2.0
"""Pseudonyms, redaction and masking: what keeps names, keys and found data out of sight."""

from auditor.privacy.contents import masked
from auditor.privacy.masking import mask
from auditor.privacy.pseudonyms import Pseudonyms
from auditor.privacy.redaction import redact
from auditor.privacy.texts import PlacedText, text_of, text_of_tool, texts

__all__ = ["PlacedText", "Pseudonyms", "mask", "masked", "redact", "text_of", "text_of_tool", "texts"]
