# SPDX-License-Identifier: Apache-2.0
"""Which gateway folder a command is about."""

from typing import TYPE_CHECKING, Any

from auditor.cli.context import Context
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.gateway.config import GatewayConfig


def gateway_config(work: Context, overrides: dict[str, Any] | None = None) -> "GatewayConfig":
    """The gateway's settings: of --config, else of the folder beside the store. Raises `InputError`."""
    from auditor.gateway.config import FILE, GatewayConfig

    folder = work.options.config or work.gateway_folder
    if folder.name == FILE and folder.is_file():
        folder = folder.parent
    if not folder.is_dir():
        raise InputError(f"{folder} is no gateway folder.", "Give --config DIR/gateway as `auditor init` wrote it.")
    return GatewayConfig.load(folder, overrides)
