# SPDX-License-Identifier: Apache-2.0
"""What a client has to be told before it goes through a gateway: the authority to trust, and the way."""

from dataclasses import dataclass
from pathlib import Path

from auditor.gateway import authority
from auditor.gateway.config import GatewayConfig


@dataclass(frozen=True, slots=True)
class GatewaySetup:
    """The authority of a gateway, the environment of its clients, and the steps by platform."""

    certificate: str
    fingerprint: str
    variables: str
    steps: str


def read_setup(folder: Path, proxy: str) -> GatewaySetup:
    """The set-up of the gateway in a folder; its authority is made where there is none. Raises `EnvironmentFailure`."""
    place = GatewayConfig.load(folder).authority
    file = authority.ensure(place)
    named = authority.environment(file, proxy).items()
    return GatewaySetup(
        certificate=str(file),
        fingerprint=authority.fingerprint(authority.certificate(place)),
        variables="\n".join(f"{name}={value}" for name, value in named),
        steps=authority.steps(file, proxy),
    )
