# SPDX-License-Identifier: Apache-2.0
"""OpenAI's client: chat, responses, embeddings, a batch by file, a Word document; and as Azure's client."""

import json
import sys
import time
import zipfile
from io import BytesIO

from held import FUNCTION, KEY, TOOL, arguments, asked, prompt, say, say_chat, say_chunks
from openai import AzureOpenAI, OpenAI

MODEL, REASONER = "gpt-4o-mini", "gpt-4.1"


def chat(client: OpenAI, name: str) -> None:
    ask = client.chat.completions.create
    say_chat(f"{name} text", MODEL, ask(model=MODEL, messages=asked(f"{name} text")))
    say_chat(f"{name} tools", MODEL, ask(model=MODEL, messages=asked(f"{name} tools"), tools=[FUNCTION]))
    streamed = {"stream": True, "stream_options": {"include_usage": True}}
    say_chunks(f"{name} stream", MODEL, ask(model=MODEL, messages=asked(f"{name} stream"), **streamed))
    with client.chat.completions.stream(
        model=MODEL, messages=asked(f"{name} stream tools"), tools=[FUNCTION]
    ) as stream:
        answer = stream.get_final_completion()
    choice = answer.choices[0]
    say(
        f"{name} stream tools",
        requested=MODEL,
        stream=True,
        id=answer.id,
        model=answer.model,
        text=choice.message.content or "",
        tools=[[one.function.name, arguments(one)] for one in choice.message.tool_calls],
        finish=[choice.finish_reason],
        input_tokens=None,
        output_tokens=None,
    )


def responses(client: OpenAI) -> None:
    for case, stream in (("responses", False), ("responses stream", True)):
        ask = {"model": REASONER, "input": prompt(case), "instructions": "You know ports."}
        if stream:
            with client.responses.stream(**ask) as events:
                answer = events.get_final_response()
        else:
            answer = client.responses.create(**ask)
        say(
            case,
            requested=REASONER,
            stream=stream,
            id=answer.id,
            model=answer.model,
            text=answer.output_text,
            tools=[],
            finish=[answer.status],
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
        )
    called = client.responses.create(
        model=REASONER, input=prompt("responses tools"), tools=[{"type": "function", "strict": False, **TOOL}]
    )
    calls = [one for one in called.output if one.type == "function_call"]
    say(
        "responses tools",
        requested=REASONER,
        stream=False,
        id=called.id,
        model=called.model,
        text=called.output_text,
        tools=[[one.name, json.loads(one.arguments)] for one in calls],
        finish=[called.status],
        input_tokens=called.usage.input_tokens,
        output_tokens=called.usage.output_tokens,
    )


def embeddings(client: OpenAI) -> None:
    model = "text-embedding-3-small"
    answer = client.embeddings.create(model=model, input=prompt("embeddings"))
    say(
        "embeddings",
        operation="embeddings",
        requested=model,
        stream=False,
        model=answer.model,
        input_tokens=answer.usage.prompt_tokens,
    )


def batch(client: OpenAI) -> None:
    rows = [
        {
            "custom_id": f"row-{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": MODEL, "messages": asked(f"batch row {number}")},
        }
        for number in range(2)
    ]
    data = "\n".join(map(json.dumps, rows)).encode()
    file = client.files.create(file=("batch.jsonl", BytesIO(data)), purpose="batch")
    say("batch row 0", operation="files", id=file.id, stream=False)
    made = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    say("batch", operation="batch", id=made.id, stream=False)
    until = time.monotonic() + 60
    while not (ready := client.batches.retrieve(made.id)).output_file_id and time.monotonic() < until:
        say("batch poll", operation="batch", path=f"/v1/batches/{made.id}")
        time.sleep(1.2)
    say("batch poll", operation="batch", path=f"/v1/batches/{made.id}")
    results = client.files.content(ready.output_file_id).text.splitlines()
    answers = [json.loads(line)["response"]["body"]["choices"][0]["message"]["content"] for line in results]
    say("batch results", operation="files", path=f"/v1/files/{ready.output_file_id}/content", answers=answers)


def document(client: OpenAI) -> None:
    runs = ("Ask maria.lindqvist@nordpost", "-example.org for the keys")  # an address over two runs
    body = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="urn:w"><w:p>{body}</w:p></w:document>')
    file = client.files.create(file=("keys.docx", data.getvalue()), purpose="user_data")
    say("document", operation="files", id=file.id, stream=False)


def main() -> None:
    if "azure" in sys.argv:
        azure = AzureOpenAI(api_key=KEY, azure_endpoint="https://contoso.openai.azure.com", api_version="2024-10-21")
        chat(azure, "azure")
        return
    client = OpenAI(api_key=KEY)
    chat(client, "openai")
    responses(client)
    embeddings(client)
    batch(client)
    document(client)


main()
