# SPDX-License-Identifier: Apache-2.0
"""What mitmproxy is told of a gateway's settings."""

from pathlib import Path

import certifi
import pytest

from addons import options
from auditor.errors import InputError
from auditor.gateway.config import GatewayConfig
from auditor.gateway.settings import Settings


def config(folder: Path, **settings: object) -> GatewayConfig:
    return GatewayConfig(folder=str(folder), store="s", settings=Settings(**settings))  # type: ignore[arg-type]


def test_nothing_is_asked_of_the_provider_before_a_request_leaves(tmp_path: Path) -> None:
    told = options.of(config(tmp_path), tmp_path)
    assert told["connection_strategy"] == "lazy"
    assert told["upstream_cert"] is False
    assert told["ssl_verify_upstream_trusted_ca"] is None


def test_a_port_the_system_chooses_is_none(tmp_path: Path) -> None:
    assert options.of(config(tmp_path, listen="127.0.0.1:0"), tmp_path)["listen_port"] is None


def test_own_authorities_stand_beside_the_public_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(b"our own\n")
    told = options.of(config(tmp_path, upstream_ca=str(own)), tmp_path)["ssl_verify_upstream_trusted_ca"]
    assert Path(str(told)).read_bytes() == Path(certifi.where()).read_bytes() + b"\nour own\n"


def test_a_password_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("gateway:secret\n")
    told = options.of(config(tmp_path, mode="upstream:http://p:1", upstream_auth=f"@{tmp_path}/secret"), tmp_path)
    assert told["upstream_auth"] == "gateway:secret"


@pytest.mark.parametrize("name", ["upstream_ca", "upstream_auth"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="nowhere"):
        options.of(config(tmp_path, **{name: f"{'@' * (name == 'upstream_auth')}{tmp_path}/nowhere"}), tmp_path)
