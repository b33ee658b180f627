# SPDX-License-Identifier: Apache-2.0
"""A generator that none of us wrote: distilabel asks a teacher, and the rows go to another provider to tune a model.

Runs in an environment of its own, see `bench_distilabel`. The proxy and its authority come by the usual variables
(`HTTPS_PROXY`, `SSL_CERT_FILE`); `python distil.py ROWS` says how many instructions are asked for.
"""

import io
import json
import sys

import openai
from distilabel.models import AnthropicLLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import TextGeneration

TEACHER = "claude-sonnet-4-5"
TOPICS = (
    "cold chains", "pallets", "customs papers", "night trains", "harbour cranes", "return labels", "diesel prices",
    "parcel lockers", "tyre wear", "bridge tolls", "ferry times", "stock counts", "driver rests", "box sizes",
)  # fmt: skip


def rows(count: int) -> list[dict[str, str]]:
    """What distilabel's pipeline makes: instructions with the teacher's generations."""
    asked = [{"instruction": f"Explain what a planner must know about {topic}"} for topic in TOPICS[:count]]
    with Pipeline(name="rows") as pipeline:
        load = LoadDataFromDicts(data=asked)
        generate = TextGeneration(llm=AnthropicLLM(model=TEACHER, api_key="sk-ant-api03-generator"), input_batch_size=4)
        load >> generate
    found = pipeline.run(use_cache=False)["default"]["train"]
    return [{"instruction": row["instruction"], "generation": row["generation"]} for row in found]


def upload(made: list[dict[str, str]]) -> None:
    """The rows as a training file at another provider, and a job."""
    lines = [
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": row["instruction"]},
                    {"role": "assistant", "content": row["generation"]},
                ]
            }
        )
        for row in made
    ]
    client = openai.OpenAI(api_key="sk-proj-generator")
    file = client.files.create(file=("rows.jsonl", io.BytesIO("\n".join(lines).encode())), purpose="fine-tune")
    client.fine_tuning.jobs.create(training_file=file.id, model="gpt-4o-mini-2024-07-18")


if __name__ == "__main__":
    made = rows(int(sys.argv[1]))
    upload(made)
    print(json.dumps({"rows": len(made)}))  # noqa: T201
