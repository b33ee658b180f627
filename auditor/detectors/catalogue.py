# SPDX-License-Identifier: Apache-2.0
"""What each data type covers, for people: its kinds, what confirms a candidate, and where the forms are documented."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from auditor.detectors.code.languages import LANGUAGES
from auditor.detectors.credentials.token_sources import AGREED, TOKEN_SOURCES
from auditor.detectors.credentials.tokens import TOKENS
from auditor.detectors.numbers.cards import schemes
from auditor.detectors.numbers.id_formats import FORMATS
from auditor.detectors.numbers.national_ids import names


class Entry(NamedTuple):
    """One data type."""

    type: str
    covers: str
    kinds: Callable[[], Iterable[str]]
    """The subtypes a match may have."""
    validators: str
    sources: tuple[str, ...]


def _nothing() -> Iterable[str]:
    return ()


def _identifiers() -> Iterable[str]:
    return {form.name for form in FORMATS} | {m.replace("_.", ".") for modules in names().values() for m in modules}


def _secrets() -> Iterable[str]:
    return {token.kind for token in TOKENS} | {"named", "service", "bearer"}


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "EMAIL",
        "addresses in any script",
        _nothing,
        "RFC 5322 dot-atom, host name with a top-level domain; user parts of URLs and file names are left out",
        ("https://www.rfc-editor.org/rfc/rfc5322", "https://www.rfc-editor.org/rfc/rfc6531"),
    ),
    Entry(
        "PHONE",
        "international numbers anywhere, national ones by their plan or beside a word for phone",
        _nothing,
        "libphonenumber's plans of all regions; words for phone in some forty languages",
        ("https://github.com/google/libphonenumber",),
    ),
    Entry(
        "PERSON",
        "names behind labels, titles and introductions, above the end of letters, and in running text",
        _nothing,
        "gazetteer, shape of neighbouring words, labels in some fifty languages; not holders in licence notices",
        ("https://github.com/joke2k/faker", "https://www.census.gov/topics/population/genealogy/data.html"),
    ),
    Entry(
        "ADDRESS",
        "streets with a number, units, boxes, postal codes, labelled addresses",
        lambda: ("postal code",),
        "kinds of streets and order of parts by country; labels and introductions",
        ("https://www.upu.int/en/Postal-Solutions/Programmes-Services/Addressing-Solutions",),
    ),
    Entry(
        "DATE_OF_BIRTH",
        "dates beside a word for birth",
        _nothing,
        "date of a plausible year within 40 characters of such a word, or in a field or column of that name",
        (),
    ),
    Entry(
        "NATIONAL_ID",
        "persons' and companies' identifiers, tax, health, driving, passports, plates",
        _identifiers,
        "check digits of python-stdnum or written out with their source; the identifier's own name or a label",
        ("https://arthurdejong.org/python-stdnum/",),
    ),
    Entry(
        "PAYMENT_CARD",
        "card numbers",
        schemes,
        "Luhn check digit, issuer range and length; a label where the length is ambiguous",
        ("https://en.wikipedia.org/wiki/Payment_card_number",),
    ),
    Entry(
        "IBAN",
        "bank account numbers",
        _nothing,
        "ISO 13616: country format and two check digits",
        ("https://www.swift.com/standards/data-standards/iban-international-bank-account-number",),
    ),
    Entry(
        "IP_ADDRESS",
        "internet addresses",
        lambda: ("IPv4", "IPv6"),
        "parsed by Python's ipaddress; versions and object identifiers are left out",
        ("https://www.rfc-editor.org/rfc/rfc4291",),
    ),
    Entry(
        "HEALTH",
        "conditions, medicines, diagnosis codes, record numbers that are somebody's",
        lambda: ("condition", "medicine", "icd-10", "record number"),
        "a medical label, a dose, or words about a patient nearby",
        (
            "https://icd.who.int/browse10",
            "https://www.who.int/teams/health-product-and-policy-standards/inn/stembook",
        ),
    ),
    Entry(
        "SECRET",
        "tokens by their form, values behind a name for a key, token or secret",
        _secrets,
        "documented prefix, alphabet and length; entropy, placeholders, code and interface texts left out",
        (
            "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns",
            *sorted({source for source in TOKEN_SOURCES.values() if source != AGREED}),
        ),
    ),
    Entry(
        "PASSWORD",
        "behind a name for one, in URLs, on command lines, in SQL and basic authentication",
        lambda: ("named", "url", "basic", "command line", "statement"),
        "what joins name and value, quotes, shape of the value; placeholders and interface texts left out",
        ("https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1", "https://www.rfc-editor.org/rfc/rfc7617"),
    ),
    Entry(
        "PRIVATE_KEY",
        "PEM blocks, PuTTY files, age and WireGuard keys",
        lambda: ("PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "base64", "age", "wireguard"),
        "header with a body of base64",
        ("https://www.rfc-editor.org/rfc/rfc7468",),
    ),
    Entry(
        "SOURCE_CODE",
        "fenced blocks and runs of lines that look like code",
        lambda: set(LANGUAGES.values()),
        "share of code lines and variety of their signs; mark-up and data formats are no code",
        (),
    ),
    Entry(
        "CONFIDENTIAL_MARK",
        "what a document says about its own classification",
        _nothing,
        "classification field, a line that holds nothing else, a notice about this very text",
        ("https://www.first.org/tlp/",),
    ),
)
"""One entry for every data type that is detected, in the order of the documentation."""
