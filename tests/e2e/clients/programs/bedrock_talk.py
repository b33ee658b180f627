# SPDX-License-Identifier: Apache-2.0
"""boto3's Bedrock runtime: converse, converse as an event stream, and invoke."""

import json
from typing import Any

import boto3
from held import PARAMETERS, TOOL, prompt, say

MODEL = "anthropic.claude-3-5-sonnet-20241022-v2:0"

client = boto3.client(
    "bedrock-runtime",
    region_name="eu-central-1",
    aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
    aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
)


def converse() -> None:
    said = [{"role": "user", "content": [{"text": prompt("bedrock converse")}]}]
    answer = client.converse(modelId=MODEL, messages=said, system=[{"text": "You know ports."}])
    say(
        "bedrock converse",
        requested=MODEL,
        stream=False,
        text="".join(block["text"] for block in answer["output"]["message"]["content"]),
        tools=[],
        finish=[answer["stopReason"]],
        input_tokens=answer["usage"]["inputTokens"],
        output_tokens=answer["usage"]["outputTokens"],
    )


def body(case: str) -> str:
    said = [{"role": "user", "content": prompt(case)}]
    return json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": said})


def invoke() -> None:
    answer = client.invoke_model(modelId=MODEL, body=body("bedrock invoke"))
    message = json.loads(answer["body"].read())
    say(
        "bedrock invoke",
        requested=MODEL,
        stream=False,
        id=message["id"],
        text=message["content"][0]["text"],
        tools=[],
        finish=[message["stop_reason"]],
        input_tokens=message["usage"]["input_tokens"],
        output_tokens=message["usage"]["output_tokens"],
    )


def converse_stream() -> None:
    """A tool's call, for aimock opens a streamed text block with an empty union, which boto3 refuses."""
    said = [{"role": "user", "content": [{"text": prompt("bedrock stream tools")}]}]
    offered = {"name": TOOL["name"], "description": TOOL["description"], "inputSchema": {"json": PARAMETERS}}
    answer = client.converse_stream(modelId=MODEL, messages=said, toolConfig={"tools": [{"toolSpec": offered}]})
    events: dict[str, list[Any]] = {}
    for event in answer["stream"]:
        for name, value in event.items():
            events.setdefault(name, []).append(value)
    (start,) = events["contentBlockStart"]
    pieces = (one["delta"]["toolUse"]["input"] for one in events["contentBlockDelta"])
    usage = events["metadata"][0]["usage"]
    say(
        "bedrock stream tools",
        requested=MODEL,
        stream=True,
        text="",
        tools=[[start["start"]["toolUse"]["name"], json.loads("".join(pieces))]],
        finish=[events["messageStop"][0]["stopReason"]],
        input_tokens=usage["inputTokens"],
        output_tokens=usage["outputTokens"],
    )


converse()
invoke()
converse_stream()
