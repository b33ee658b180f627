# SPDX-License-Identifier: Apache-2.0
"""Rows of Anthropic: its API, Claude on Vertex AI, and claude.ai."""

from auditor.dialects import anthropic_messages, anthropic_sessions, claude_web, files
from auditor.dialects.routing.route import row
from auditor.dialects.text_completion import completion

_ANTHROPIC_COUNT = anthropic_messages.DIALECT._replace(
    name="anthropic.count_tokens", source="https://docs.anthropic.com/en/api/messages-count-tokens", assemble=None
)

ROWS = (
    row("POST", r"/messages$", anthropic_messages.DIALECT, "chat", "anthropic"),
    row(
        "POST",
        r"/complete$",
        completion("anthropic.complete", "https://docs.anthropic.com/en/api/complete"),
        "text_completion",
        "anthropic",
    ),
    row("", r"/messages/batches(/|$)", files.BATCHES, "batch"),
    row("POST", r"/messages/count_tokens$|/models/count-tokens:rawPredict$", _ANTHROPIC_COUNT, "count_tokens"),
    row("POST", r"/v1/messages$", anthropic_messages.DIALECT, "chat"),
    row("POST", r"/publishers/anthropic/models/[^/:]+:(stream)?[rR]awPredict$", anthropic_messages.DIALECT, "chat"),
    row("POST", r"/v1/agents$", anthropic_sessions.DIALECT, "create_agent", "anthropic"),
    row("", r"/v1/agents/", anthropic_sessions.DIALECT, "assistants", "anthropic"),
    row("", r"/v1/memory_stores(/|$)", anthropic_sessions.MEMORIES, "other", "anthropic"),
    row("", r"/v1/(deployments|deployment_runs|dreams)(/|$)", anthropic_sessions.DIALECT, "invoke_agent", "anthropic"),
    row("", r"/v1/sessions(/|$)", anthropic_sessions.DIALECT, "invoke_agent", "anthropic"),
    row("", r"/organizations?/.*/(completion|retry_completion|tool_result)$", claude_web.DIALECT, "chat", "claude_web"),
)
