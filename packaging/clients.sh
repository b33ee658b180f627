#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sets up .venv-clients: the official clients and the independent mocks that tests/e2e/clients drive. They stay apart
# from .venv because LiteLLM holds the OpenAI SDK back. Safe to run again: a second run takes no time.
set -eu
cd "$(dirname "$0")/.."

lock=requirements/clients.txt
stamp=.venv-clients/.ready
fresh=$(cat "$lock" packaging/clients.sh | cksum)
[ "$(cat "$stamp" 2>/dev/null)" = "$fresh" ] && exit 0
uv=$(uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
printf 'clients: installing the official clients\n' >&2
"$uv" --quiet venv --clear --python .venv/bin/python .venv-clients
"$uv" --quiet pip sync --compile-bytecode --python .venv-clients/bin/python --require-hashes "$lock"
printf '%s' "$fresh" > "$stamp"
