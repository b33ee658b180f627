# SPDX-License-Identifier: Apache-2.0
"""Rows of web assistants, whose hosts speak formats of their own; what no row names there is told by its body."""

from auditor.dialects import copilot_web, deepseek_web, gemini_web, grok_web, perplexity_web
from auditor.dialects.routing.route import row

ROWS = (
    row("POST", r"BardFrontendService/StreamGenerate$", gemini_web.DIALECT, "chat", "other"),
    row("SOCKET", r"^/c/api/chat$|/ChatHub(/|$)|/Chathub(/|$)", copilot_web.DIALECT, "chat", "other"),
    row("POST", r"^/rest/app-chat/conversations/(new|[^/]+/responses)$", grok_web.DIALECT, "chat", "other"),
    row("POST", r"^/rest/sse/perplexity_ask$", perplexity_web.DIALECT, "chat", "other"),
    row("POST", r"^/api/v0/chat/completion$", deepseek_web.DIALECT, "chat", "other"),
)
