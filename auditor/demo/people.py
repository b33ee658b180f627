# SPDX-License-Identifier: Apache-2.0
"""Who uses AI at the demo's company, Halden Logistics: people and programs, each with keys of their own.

Nobody here exists. Keys and passwords are drawn from a digest: they have the form of real ones and open nothing.
"""

import base64
import hashlib

import msgspec

from auditor.demo.sdk.routes import Keys


class Person(msgspec.Struct, frozen=True):
    """Someone who signs in at the proxy with `name` and `password`, and calls providers with `keys`."""

    name: str
    password: str
    keys: Keys


def drawn(*words: str, length: int = 40) -> str:
    """Letters and digits that look random, the same for the same words."""
    digest = hashlib.shake_256("/".join(("halden", *words)).encode()).digest(length)
    return base64.b64encode(digest, b"Qz").decode()[:length]


def person(name: str) -> Person:
    """A person with the password and the keys that belong to the name."""
    keys = Keys(
        openai="sk-proj-" + drawn(name, "openai", length=48),
        anthropic="sk-ant-api03-" + drawn(name, "anthropic", length=80),
        gemini="AIza" + drawn(name, "gemini", length=35),
    )
    return Person(name, drawn(name, "password", length=20), keys)


FINANCE = person("priya.raman")
ENGINEER = person("jonas.weber")
MARKETING = person("aiko.tanaka")
CARE = person("customer-care-desk")
CLAIMS = person("claims-intake")
DATASETS = person("dataset-builder")
EVERYONE = (FINANCE, ENGINEER, MARKETING, CARE, CLAIMS, DATASETS)
