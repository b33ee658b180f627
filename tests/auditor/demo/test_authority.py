# SPDX-License-Identifier: Apache-2.0
"""The throw-away authority: strict verifiers take its certificates, and its key is private."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from auditor.demo.mock import authority
from auditor.demo.mock.server import HOSTS


def test_a_strict_verifier_takes_the_server_for_its_names_only(tmp_path: Path) -> None:
    made = authority.create(tmp_path, HOSTS)
    root = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    server = x509.load_pem_x509_certificate(made.server.read_bytes())
    policy = PolicyBuilder().store(Store([root])).time(datetime.now(UTC))
    for host in HOSTS:
        policy.build_server_verifier(x509.DNSName(host)).verify(server, [])
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("api.example.com")).verify(server, [])


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    made = authority.create(tmp_path, HOSTS)
    assert stat.S_IMODE(made.server.stat().st_mode) == 0o600
    assert b"PRIVATE" not in made.certificate.read_bytes()
