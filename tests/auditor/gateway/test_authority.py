# SPDX-License-Identifier: Apache-2.0
"""The certificate authority: made once, readable by mitmproxy, its key by its owner alone."""

from pathlib import Path

import pytest
from mitmproxy.certs import CertStore

from auditor.errors import EnvironmentFailure, InputError
from auditor.gateway import authority


def test_it_is_made_once(tmp_path: Path) -> None:
    first = authority.ensure(tmp_path / "ca").read_bytes()
    assert authority.ensure(tmp_path / "ca").read_bytes() == first
    assert (tmp_path / "ca" / authority.KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in first
    assert b"PRIVATE" in (tmp_path / "ca" / authority.KEY_FILE).read_bytes()


def test_a_lost_certificate_is_written_again_from_the_key_file(tmp_path: Path) -> None:
    certificate = authority.ensure(tmp_path)
    before = certificate.read_bytes()
    certificate.unlink()
    assert authority.ensure(tmp_path).read_bytes() == before


def test_the_bundle_holds_the_public_ones_too(tmp_path: Path) -> None:
    certificate = authority.ensure(tmp_path)
    bundle = (tmp_path / authority.BUNDLE_FILE).read_bytes()
    assert bundle.endswith(certificate.read_bytes())
    assert bundle.count(b"BEGIN CERTIFICATE") > 50
    variables = authority.environment(certificate, "http://h:1")
    assert variables["SSL_CERT_FILE"] == str(tmp_path / authority.BUNDLE_FILE)
    assert variables["NODE_EXTRA_CA_CERTS"] == str(certificate)


def test_mitmproxy_signs_with_it(tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    store = CertStore.from_store(tmp_path, "mitmproxy", 2048)
    assert store.default_ca.to_cryptography() == authority.certificate(tmp_path)
    leaf = store.get_cert("api.openai.com", [], None).cert.to_cryptography()
    leaf.verify_directly_issued_by(authority.certificate(tmp_path))


def test_the_steps_name_the_file_and_the_fingerprint_is_the_usual_one(tmp_path: Path) -> None:
    certificate = authority.ensure(tmp_path)
    text = authority.steps(certificate, "http://gateway:8080")
    assert str(certificate) in text
    assert "HTTPS_PROXY=http://gateway:8080" in text
    assert authority.fingerprint(authority.certificate(tmp_path)).count(":") == 31


def test_export_gives_the_certificate_only(tmp_path: Path) -> None:
    authority.export(tmp_path / "ca", tmp_path / "out.pem")
    assert b"PRIVATE" not in (tmp_path / "out.pem").read_bytes()
    with pytest.raises(EnvironmentFailure):
        authority.export(tmp_path / "ca", tmp_path / "missing" / "out.pem")


def test_what_is_broken_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        authority.certificate(tmp_path)
    (tmp_path / authority.KEY_FILE).write_text("nonsense")
    with pytest.raises(InputError, match="no readable certificate"):
        authority.ensure(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFailure):
        authority.ensure(tmp_path / "file")
