# SPDX-License-Identifier: Apache-2.0
"""The text of documents that travel inside calls, for the detectors: PDF, Office, OpenDocument, HTML, CSV, plain text.

`extract(data, mime_type, name)` reads one document within bounds of size and time, and says what it could not read;
`image_metadata(data)` gives what a picture carries beside its pixels.
Documents come from whoever is watched, so they are taken for hostile: nothing is loaded from elsewhere, nothing unfolds
without bound, and whatever needs a parser is read in a process apart that is ended when it takes too long. Bounds cut
texts at their end only, so what was found at a place is there again at the next reading.
"""

from auditor.documents.extracted import Extracted, Unread
from auditor.documents.extraction import extract
from auditor.documents.images import metadata as image_metadata
from auditor.documents.places import place_in

__all__ = ["Extracted", "Unread", "extract", "image_metadata", "place_in"]
