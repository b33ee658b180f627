# SPDX-License-Identifier: Apache-2.0
"""What the analysis looks at in a call: who asked what in which words, and what came back.

An `Observation` keeps text only as long as its window is under analysis; long texts keep both ends, since templates
stand at the beginning or the end of a prompt. Nothing here judges.
"""

from typing import Final

from auditor.calls import AnyPart, Call, Content, Exchange, Message, Reasoning, Value
from auditor.privacy import text_of

GENERATIVE: Final = frozenset({"chat", "generate_content", "text_completion", "invoke_agent", "assistants"})
"""Operations in which a model answers a prompt."""

TEXT_LIMIT: Final = 12_000
"""Characters of one text that are kept."""


class Observation(Value, frozen=True, kw_only=True):
    """One call of a model. `turns` are the earlier messages as (role, text), `prompt` the last message of the user."""

    call: Call
    system: str = ""
    turns: tuple[tuple[str, str], ...] = ()
    prompt: str = ""
    outputs: tuple[str, ...] = ()
    thoughts: tuple[str, ...] = ()
    soft_labels: bool = False

    @property
    def asked(self) -> str:
        """System text and last message: where a template shows."""
        return f"{self.system}\n{self.prompt}" if self.system else self.prompt


def is_generative(call: Call) -> bool:
    """Whether a model answered in this call."""
    return call.operation in GENERATIVE


def is_result_file(exchange: Exchange | None) -> bool:
    """Whether what came back are the results of a batch (rows with a `custom_id` and a response), not a file of data.

    https://platform.openai.com/docs/api-reference/batch/request-output, and Anthropic's and Mistral's alike.
    """
    head = exchange.response.body[:65_536] if exchange and exchange.response else b""
    return b'"custom_id"' in head and (b'"response"' in head or b'"result"' in head)


def observe(call: Call, content: Content, exchange: Exchange | None = None) -> Observation:
    """The observation of a call; `exchange` tells whether token probabilities came back."""
    messages = [(one.role, shortened(_text(one.parts))) for one in content.input_messages]
    system = [_text(content.system_instructions), *(text for role, text in messages if role == "system")]
    turns = [turn for turn in messages if turn[0] != "system"]
    prompt = turns.pop()[1] if turns and turns[-1][0] != "assistant" else ""
    return Observation(
        call=call,
        system=shortened("\n".join(filter(None, system))),
        turns=tuple(turns),
        prompt=prompt,
        outputs=tuple(filter(None, (shortened(_text(one.parts)) for one in content.output_messages))),
        thoughts=tuple(filter(None, map(_thoughts, content.output_messages))),
        soft_labels=_has_soft_labels(exchange),
    )


def shortened(text: str) -> str:
    """The text, or its two ends where it is long."""
    if len(text) <= TEXT_LIMIT:
        return text
    half = TEXT_LIMIT // 2
    return f"{text[:half]}\n{text[-half:]}"


def _text(parts: tuple[AnyPart, ...]) -> str:
    return "\n".join(filter(None, (text_of(part) for part in parts if not isinstance(part, Reasoning))))


def _thoughts(message: Message) -> str:
    return shortened("\n".join(text_of(part) for part in message.parts if isinstance(part, Reasoning)))


def _has_soft_labels(exchange: Exchange | None) -> bool:
    """Whether the answer carries probabilities of alternatives (OpenAI's `top_logprobs` with entries)."""
    if exchange is None or exchange.response is None:
        return False
    body = exchange.response.body.replace(b" ", b"")
    return b'"top_logprobs":[{' in body
