# SPDX-License-Identifier: Apache-2.0
"""Verification of a ledger's frame: enrolment, epoch keys, segment headers and wrapped keys, by their signatures."""

from auditor.errors import CheckFailed
from auditor.store.format import layout, signing
from auditor.store.keys import facts
from auditor.store.ledger import segment
from auditor.store.ledger.segment import Header
from auditor.store.verification.faults import Faults
from auditor.store.verification.snapshot import Snapshot


def check(found: Snapshot, enrolment: facts.LedgerEnrolment, store: facts.StoreFacts, faults: Faults) -> None:
    """Note everything in the frame that does not hold."""
    if found.headers or found.size or found.others:
        _check_enrolment(found, enrolment, faults)
    end = store.end_of(enrolment.ledger)
    if end is not None and found.size > end:
        faults.add("it goes on beyond where its gateway was retired", end, found.size - 1)
    _check_epochs(found, store, faults)
    _check_headers(found, enrolment, faults)
    for header, _ in found.headers:
        _check_wrapped(header, found, faults)
    known = {header.seg for header, _ in found.headers}
    for seg in sorted((found.wrapped.keys() | found.footers.keys()) - known):
        faults.add(f"segment {seg} has a footer or a key, but no header")
    for seq in found.strays:
        faults.add("no checkpoint of this ledger covers it: added, or its checkpoint was taken out", seq)


def _check_enrolment(found: Snapshot, enrolment: facts.LedgerEnrolment, faults: Faults) -> None:
    if found.ledgers != (enrolment,):
        faults.add("its enrolment is not the one the store states")


def _check_epochs(found: Snapshot, store: facts.StoreFacts, faults: Faults) -> None:
    signers = {auditor.id: auditor.signing_key for auditor in store.auditors}
    for key in found.epochs:
        try:
            key.check(signers.get(key.auditor, b""))
        except CheckFailed as error:
            faults.add(error.message)
        if key.store != store.id:
            faults.add(f"epoch key {key.epoch} belongs to another store")


def _check_headers(found: Snapshot, enrolment: facts.LedgerEnrolment, faults: Faults) -> None:
    signer, expected = enrolment.enrol_key, 0
    for header, signature in found.headers:
        if header.seg != expected:
            faults.add(f"segment {expected} is missing", header.first_seq)
        try:
            signing.check(signer, header.message(), signature, f"the signature of segment {header.seg}'s header")
        except CheckFailed as error:
            faults.add(error.message, header.first_seq)
        if header.ledger != enrolment.ledger or header.format != layout.FORMAT:
            faults.add(f"segment {header.seg} names another ledger or format", header.first_seq)
        signer, expected = header.sign_pk, header.seg + 1


def _check_wrapped(header: Header, found: Snapshot, faults: Faults) -> None:
    wrapped = found.wrapped.get(header.seg, {})
    if segment.wrap_digest(wrapped) != header.wrap_digest:
        faults.add(f"segment {header.seg}'s wrapped key is not the one its header commits to", header.first_seq)
    known = {key.recipient for key in found.epochs if key.epoch == header.epoch}
    if not wrapped.keys() <= known:
        faults.add(f"segment {header.seg} is sealed to a key no auditor signed", header.first_seq)
