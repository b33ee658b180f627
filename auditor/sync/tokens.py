# SPDX-License-Identifier: Apache-2.0
"""A read token: what enrols a reader with a gateway. It names the gateway's key, so nobody can stand in between.

`aua1.ID.SECRET.PIN`: `PIN` is the SHA-256 of the public key (SubjectPublicKeyInfo) the gateway's listener shows. A
reader compares it before anything else is sent; there is no first use to be trusted. The gateway keeps only a hash of
`SECRET`.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate

from auditor.calls import Value
from auditor.errors import InputError

_FORM: Final = "aua1"
_ADVICE = "Give a token as `auditor gateway token add` printed it."


class ReadToken(Value, frozen=True, kw_only=True):
    """The parts of a token."""

    id: str
    secret: str
    pin: str

    @classmethod
    def new(cls, pin: str) -> "ReadToken":
        """A fresh token for a listener with this pin."""
        return cls(id=secrets.token_hex(4), secret=secrets.token_urlsafe(32), pin=pin)

    @classmethod
    def parse(cls, text: str) -> "ReadToken":
        """The parts of a token's text, which no message repeats. Raises `InputError`."""
        parts = text.strip().split(".")
        if len(parts) != 4 or parts[0] != _FORM or not all(parts):
            raise InputError("This is no read token.", _ADVICE)
        return cls(id=parts[1], secret=parts[2], pin=parts[3])

    def text(self) -> str:
        """The token as it is handed over."""
        return ".".join((_FORM, self.id, self.secret, self.pin))

    @property
    def credentials(self) -> str:
        """What is sent to the gateway, once its pin holds."""
        return f"Bearer {self.id}.{self.secret}"


def hashed(secret: str) -> str:
    """What the gateway keeps of a secret: it has 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def agrees(secret: str, kept: str) -> bool:
    """Whether a secret is the one whose hash was kept, in a time that tells nothing."""
    return hmac.compare_digest(hashed(secret), kept)


def pin_of(certificate: bytes) -> str:
    """The pin of a certificate in DER. Raises `ValueError` for what is none."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public = load_der_x509_certificate(certificate).public_key().public_bytes(serialization.Encoding.DER, spki)
    return base64.urlsafe_b64encode(hashlib.sha256(public).digest()).rstrip(b"=").decode()
