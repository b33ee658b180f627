#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes the requirement locks anew: exact versions and hashes for every platform, no registry address.
set -eu
cd "$(dirname "$0")/.."
uv=$(uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
lock() {
    out=$1; shift
    "$uv" --quiet pip compile --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header \
        --no-annotate --output-file "requirements/$out.txt" "$@"
}
lock dev pyproject.toml --extra gateway --extra desktop --extra demo --group dev
lock gateway pyproject.toml --extra gateway --constraint requirements/dev.txt
lock desktop pyproject.toml --extra desktop --constraint requirements/dev.txt
lock clients --group clients
lock package pyproject.toml --extra desktop --group package --constraint requirements/dev.txt
# Aider takes no Python after 3.12.
printf 'aider-chat; python_version < "3.13"\n' | lock agents -
printf 'uv\n' | lock uv -
