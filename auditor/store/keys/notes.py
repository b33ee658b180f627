# SPDX-License-Identifier: Apache-2.0
"""A note an auditor keeps beside the identity, one file a store, sealed under a key of the identity.

Faces keep there what names actors and hosts, such as saved filters: nothing of the traffic lies in the open.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auditor.errors import CheckFailed
from auditor.store import files
from auditor.store.format.sealing import NONCE_SIZE
from auditor.store.keys.identity import Identity


class SealedNote:
    """The note of an identity about a store; what it says is up to whoever keeps it."""

    def __init__(self, identity_file: Path, identity: Identity, store: str) -> None:
        self.path = identity_file.with_name(f"{identity_file.stem}.{store}.notes")
        self._cipher = AESGCM(identity.note_key(store))
        self._bound = store.encode()

    def load(self) -> bytes | None:
        """What was noted; None before the first time. Raises `CheckFailed` where the file was altered."""
        if not self.path.exists():
            return None
        raw = files.read(self.path, "The file of notes")
        try:
            return self._cipher.decrypt(raw[:NONCE_SIZE], raw[NONCE_SIZE:], self._bound)
        except (InvalidTag, ValueError) as error:
            raise CheckFailed(
                f"{self.path} was altered, or is another identity's.", "Delete it to begin anew; only views are lost."
            ) from error

    def save(self, note: bytes) -> None:
        """Replace the note. Raises `EnvironmentFailure` where the folder does not take it."""
        nonce = os.urandom(NONCE_SIZE)
        files.write(self.path, nonce + self._cipher.encrypt(nonce, note, self._bound), files.PRIVATE)
