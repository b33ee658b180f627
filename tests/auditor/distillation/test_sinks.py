# SPDX-License-Identifier: Apache-2.0
"""Where training data goes: the endpoints, the purposes that are none, and what cannot be seen."""

import base64
import json

import pytest
from msgspec.structs import replace

from auditor.distillation.sinks import Sink
from tests.auditor.distillation.material import FIREWORKS, OPENAI, TOGETHER, Traffic, chat_row, form

ROWS = [chat_row(f"q{n}", f"answer number {n}") for n in range(3)]
DATA = "\n".join(map(json.dumps, ROWS)).encode()


def only(traffic: Traffic) -> Sink:
    (sink,) = traffic.sinks().values()
    return sink


def posted(url: str, body: object) -> Traffic:
    traffic = Traffic()
    traffic.exchange("a-one", url, json.dumps(body).encode(), "application/json", {"id": "job-1"})
    return traffic


@pytest.mark.parametrize("base", [OPENAI, TOGETHER, FIREWORKS, "https://api.mistral.ai/v1"])
def test_uploads_are_read(base: str) -> None:
    traffic = Traffic()
    traffic.upload("a-one", ROWS, base=base)
    sink = only(traffic)
    assert sink.kind == "upload"
    assert [one.targets for one in sink.rows] == [(f"answer number {n}",) for n in range(3)]
    assert sink.blind is None
    assert sink.file == ("accounts/acme/datasets/d1" if base == FIREWORKS else "file-1")


def test_an_azure_upload_is_read() -> None:
    traffic = Traffic()
    body, kind = form(DATA, "fine-tune")
    traffic.exchange("a-one", "https://x.openai.azure.com/openai/files?api-version=1", body, kind, {"id": "f"})
    assert len(only(traffic).rows) == 3


@pytest.mark.parametrize(
    ("url", "body", "base_model", "student"),
    [
        (f"{OPENAI}/fine_tuning/jobs", {"training_file": "f", "model": "gpt-4o", "suffix": "s"}, "gpt-4o", "s"),
        (f"{TOGETHER}/fine-tunes", {"training_file": "f", "model": "Qwen/Q"}, "Qwen/Q", None),
        (f"{FIREWORKS}/accounts/a/supervisedFineTuningJobs", {"dataset": "f", "baseModel": "b"}, "b", None),
        ("https://api.mistral.ai/v1/fine_tuning/jobs", {"training_files": [{"file_id": "f"}], "model": "m"}, "m", None),
    ],
)  # fmt: skip
def test_jobs_name_file_and_models(url: str, body: object, base_model: str, student: str | None) -> None:
    sink = only(posted(url, body))
    assert (sink.kind, sink.file, sink.base_model, sink.student) == ("job", "f", base_model, student)


def test_buckets_are_blind() -> None:
    vertex = "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/l/tuningJobs"
    sink = only(
        posted(vertex, {"baseModel": "gemini", "supervisedTuningSpec": {"trainingDatasetUri": "gs://b/t.jsonl"}})
    )
    assert sink.blind == "training data in a bucket (gs://)"
    bedrock = "https://bedrock.us-east-1.amazonaws.com/model-customization-jobs"
    sink = only(posted(bedrock, {"baseModelIdentifier": "m", "trainingDataConfig": {"s3Uri": "s3://b/t.jsonl"}}))
    assert sink.blind == "training data in a bucket (s3://)"


def commit(*lines: object) -> Traffic:
    traffic = Traffic()
    body = "\n".join(map(json.dumps, ({"key": "header", "value": {"summary": "x"}}, *lines))).encode()
    url = "https://huggingface.co/api/datasets/acme/d/commit/main"
    traffic.exchange("a-one", url, body, "application/x-ndjson", {"success": True})
    return traffic


def test_commits_to_data_sets_are_read_and_large_files_are_blind() -> None:
    file = {"path": "data/train.jsonl", "content": base64.b64encode(DATA).decode(), "encoding": "base64"}
    assert len(only(commit({"key": "file", "value": file})).rows) == 3
    large = only(commit({"key": "lfsFile", "value": {"path": "train.parquet", "oid": "1", "size": 12_000_000}}))
    assert large.rows == ()
    assert large.blind == "a large file kept outside the commit"
    card = {"path": "README.md", "content": base64.b64encode(b"# card").decode()}
    assert commit({"key": "file", "value": card}).sinks() == {}


def test_signed_addresses_parts_and_unknown_forms_are_blind() -> None:
    assert only(posted(f"{FIREWORKS}/accounts/a/datasets/d:getUploadEndpoint", {})).blind
    assert only(posted(f"{OPENAI}/uploads", {"purpose": "fine-tune", "filename": "t.jsonl"})).blind
    assert posted(f"{OPENAI}/uploads", {"purpose": "assistants"}).sinks() == {}
    traffic = Traffic()
    body, kind = form(b"PAR1\x15\x04rest", "fine-tune")
    traffic.exchange("a-one", f"{TOGETHER}/files/upload", body, kind, {"id": "f"})
    assert only(traffic).blind == "a training file in a form that is not read"


def test_a_refused_upload_is_no_sink() -> None:
    traffic = Traffic()
    traffic.upload("a-one", ROWS)
    reading, exchange = traffic.entries.pop()
    traffic.entries.append((replace(reading, call=replace(reading.call, status=400)), exchange))
    assert traffic.sinks() == {}
