# SPDX-License-Identifier: Apache-2.0
"""What rules on single calls cost the recorder: CPU time of the pipeline and of sealing, and of the rules beside it.

    python -m tests.benchmarks live_rules

Ordinary chats of fifty actors; the ratio is what counts.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from auditor.calls import Exchange, Origin, Request, Response
from auditor.detectors import Scanner
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import Providers
from auditor.rules import load
from auditor.rules.live import Watch
from auditor.store.format.prepare import prepare
from auditor.store.format.records import Completion
from auditor.terms import Registry

CALLS = 1500
ROUNDS = 3


def main() -> None:
    """Print the figures."""
    pipeline = Pipeline(Providers.load(), Pseudonyms(b"p" * 32), Scanner())
    watch = Watch(load(), Registry.load())
    for one in range(200):
        pipeline.process(chat(-one))
    for round_ in range(ROUNDS):
        exchanges = [chat(round_ * CALLS + number) for number in range(CALLS)]
        drafts = []
        work = spent(lambda: drafts.extend(pipeline.process_all(exchanges)))  # noqa: B023
        work += spent(lambda: [prepare(draft) for draft in drafts])  # noqa: B023
        calls = [call for draft in drafts if isinstance(draft.meta, Completion) for call in draft.meta.calls]
        rules = spent(lambda: [watch.findings(call) for call in calls])  # noqa: B023
        share = rules / work
        print(f"recording {work / CALLS * 1e6:.0f} us a call, rules {rules / CALLS * 1e6:.0f} us: {share:.1%}")  # noqa: T201


def spent(work: Callable[[], object]) -> float:
    """CPU seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start


def chat(number: int) -> Exchange:
    """One exchange of some hundred words."""
    said = f"Ticket {number}: the printer on floor {number % 7} prints blank pages. What should be tried first? " * 4
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": said}]}
    message = {"role": "assistant", "content": f"First, check cartridge {number}. " * 12}
    answered = {
        "id": f"c{number}",
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 90, "completion_tokens": 80},
    }
    headers = (("authorization", "Bearer sample-key-of-the-desk"), ("content-type", "application/json"))
    return Exchange(
        id=f"x{number}",
        time=datetime.now(UTC),
        origin=Origin(user=f"user-{number % 50}"),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions",
            headers=(*headers, ("user-agent", "OpenAI/Python 2.8.1")),
            body=json.dumps(asked).encode(),
        ),
        response=Response(status=200, headers=headers[1:], body=json.dumps(answered).encode()),
    )


if __name__ == "__main__":
    main()
