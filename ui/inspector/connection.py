# SPDX-License-Identifier: Apache-2.0
"""What is known of the request, the answer and the way between, without content, as groups in a scrolling column."""

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from auditor.calls import Call, Exchange
from ui.models import formats
from ui.widgets.basics import clear, down, holder
from ui.widgets.facts import Fact, Facts

one_line = formats.one_line


class FactsTab(QScrollArea):
    """Groups of facts in a scrolling column, below pictures of them where there are any."""

    def __init__(self, name: str, *above: QWidget) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._column = down(spacing=6)
        outer = down(*above, margins=(16, 14, 16, 14))
        outer.addLayout(self._column)
        outer.addStretch(1)
        self.setWidget(holder(outer, "panel"))

    def show_groups(self, *groups: tuple[str, list[Fact]]) -> None:
        """Replace what is shown."""
        clear(self._column)
        for title, facts in groups:
            if facts:
                self._column.addWidget(Facts(title, facts))

    def forget(self) -> None:
        """Drop everything."""
        clear(self._column)


def call_groups(call: Call) -> list[tuple[str, list[Fact]]]:
    """What the index knows of a call."""
    return [
        (
            "Who",
            _present(
                ("Actor", call.actor),
                ("Client", call.client),
                ("User agent", call.user_agent),
                ("Credential", call.credential),
            ),
        ),
        (
            "Where to",
            _present(
                ("Provider", call.provider),
                ("Host", call.server_address),
                ("Request", f"{call.method or ''} {call.path or ''}".strip() or None),
                ("Operation", call.operation),
                ("Format", call.dialect),
            ),
        ),
        (
            "Model",
            _present(
                ("Asked for", call.request_model),
                ("Answered", call.response_model),
                ("Response id", call.response_id),
                ("Finish reason", ", ".join(call.finish_reasons or ()) or None),
                ("Tools called", ", ".join(call.tool_calls or ()) or None),
            ),
        ),
        (
            "Answer",
            _present(
                ("Status", None if call.status is None else str(call.status)),
                ("Streamed", None if call.stream is None else "yes" if call.stream else "no"),
                ("First token", _or_none(call.ttft_ms, formats.duration(call.ttft_ms))),
                ("Duration", _or_none(call.duration_ms, formats.duration(call.duration_ms))),
                ("Sent", _or_none(call.request_bytes, formats.size(call.request_bytes))),
                ("Received", _or_none(call.response_bytes, formats.size(call.response_bytes))),
                ("Error", call.error),
            ),
        ),
    ]


def exchange_group(exchange: Exchange | None) -> tuple[str, list[Fact]]:
    """What only the opened exchange knows."""
    if exchange is None:
        return ("Connection", [("Capture", "Nothing of the exchange is left")])
    way = exchange.connection
    return (
        "Connection",
        _present(
            ("Client address", exchange.origin.address),
            ("Server address", way.server_address),
            ("HTTP", way.http_version),
            ("TLS", way.tls_version),
            ("ALPN", way.alpn),
            ("Broken off by", exchange.interrupted),
            ("Blocked", exchange.blocked),
            ("Not decrypted", exchange.opaque),
            ("Not captured", formats.size(exchange.truncated) if exchange.truncated else None),
        ),
    )


def _present(*facts: tuple[str, str | None]) -> list[Fact]:
    return [(name, one_line(value, 1_000)) for name, value in facts if value]


def _or_none(value: float | None, text: str) -> str | None:
    return None if value is None else text
