#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sets up .agents: Claude Code, Codex and Gemini CLI from npm, Aider from PyPI, by their locks. Aider needs a Python
# 3.12 (AUDITOR_PYTHON_312 names one that is not on the path). Safe to run again: a second run takes no time.
set -eu
cd "$(dirname "$0")/.."

lock=requirements/agents.txt
stamp=.agents/.ready
fresh=$(cat "$lock" tests/e2e/clients/node_agents/package-lock.json packaging/agents.sh | cksum)
[ "$(cat "$stamp" 2>/dev/null)" = "$fresh" ] && exit 0
uv=$(uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
printf 'agents: installing Claude Code, Codex, Gemini CLI and Aider\n' >&2
mkdir -p .agents
cp tests/e2e/clients/node_agents/package.json tests/e2e/clients/node_agents/package-lock.json .agents/
(cd .agents && npm ci --ignore-scripts --no-audit --no-fund --silent)
node .agents/node_modules/@anthropic-ai/claude-code/install.cjs  # puts its program where npm links to
"$uv" --quiet venv --clear --python "${AUDITOR_PYTHON_312:-3.12}" .agents/aider || {
    printf 'agents: all but Aider are there, which needs a Python 3.12; name one by AUDITOR_PYTHON_312\n' >&2
    exit 4
}
"$uv" --quiet pip sync --python .agents/aider/bin/python --require-hashes "$lock"
printf '%s' "$fresh" > "$stamp"
