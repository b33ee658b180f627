# SPDX-License-Identifier: Apache-2.0
"""Where training data goes: uploads of training files, and the jobs that use them.

A purpose other than training (batch, assistants, evals, user_data, vision) is no sink. What passes elsewhere, by a
signed address, a bucket's URI or a large-file store, cannot be read here: such a sink is `blind` and says why.
Endpoints: https://platform.openai.com/docs/api-reference/files, …/fine-tuning, https://docs.mistral.ai/api,
https://docs.together.ai/reference/upload-file, https://docs.fireworks.ai/api-reference/upload-dataset-files,
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/tuning,
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelCustomizationJob.html,
https://docs.cohere.com/reference/create-dataset, https://huggingface.co/docs/hub/api
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from auditor.calls import Call, Exchange, Value
from auditor.dialects.values import decode_json, first_text, obj
from auditor.dialects.wire import Side
from auditor.distillation.rows import Row, read_rows

_TRAINING: Final = re.compile(r"fine[-_ ]?tun|sft|dpo|train|reinforcement|preference|distill", re.I)
_DATA_NAMES: Final = (".jsonl", ".json", ".ndjson", ".csv", ".tsv", ".parquet", ".arrow", ".zst", ".gz", ".zip")
_TABLE: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"/files(/upload)?$", "file"),
        (r"/uploads$", "large"),
        (r"/accounts/[^/]+/datasets/[^/]+:upload$", "data"),
        (r"/accounts/[^/]+/datasets/[^/]+:getUploadEndpoint$", "signed"),
        (r"/v\d+/datasets$", "typed"),
        (r"/api/datasets/.+/commit/", "commit"),
        (r"/(fine_tuning/jobs|fine[-_]tunes|fine-tuning/jobs)$", "job"),
        (r"/(supervisedFineTuningJobs|reinforcementFineTuningJobs|dpoJobs|fineTuningJobs)$", "job"),
        (r"/(tuningJobs|tunedModels|model-customization-jobs|finetuning/finetuned-models)$", "job"),
    )
)


class Sink(Value, frozen=True, kw_only=True):
    """An upload of training data, or a job. `file` joins the two; `student` is the name the new model shall bear."""

    call: Call
    kind: Literal["upload", "job"]
    rows: tuple[Row, ...] = ()
    file: str | None = None
    base_model: str | None = None
    student: str | None = None
    blind: str | None = None


def may_be_sink(call: Call) -> bool:
    """Whether a call's address is one of those training data goes to."""
    return _kind(call) is not None


def find_sink(call: Call, exchange: Exchange) -> Sink | None:
    """The sink a call is, or None: not one of the endpoints, refused, or another purpose."""
    kind = _kind(call)
    if kind is None or (call.status or 0) >= 400:
        return None
    side = Side(exchange.request.headers, exchange.request.body)
    answer = obj(Side(exchange.response.headers, exchange.response.body).json) if exchange.response else {}
    if kind == "job":
        return _job(call, obj(side.json))
    if kind == "commit":
        return _commit(call, side.body)
    return _upload(call, kind, side, answer, exchange.request.url)


def _kind(call: Call) -> str | None:
    if (call.method or "") not in ("POST", "PUT"):
        return None
    path = (call.path or "").rstrip("/")
    return next((kind for pattern, kind in _TABLE if pattern.search(path)), None)


def _job(call: Call, body: Mapping[str, Any]) -> Sink:
    files = [body.get("training_file"), body.get("dataset"), *_dataset_ids(body)]
    inline = obj(obj(body.get("tuningTask")).get("trainingData")).get("examples")
    elsewhere = re.search(r"\b(s3|gs)://", str(body))
    examples = obj(inline).get("examples") if inline else None
    return Sink(
        call=call,
        kind="job",
        rows=read_rows(msgspec.json.encode(examples)) if examples else (),
        file=first_text(*files),
        base_model=first_text(
            *(body.get(name) for name in ("model", "baseModel", "baseModelIdentifier", "base_model"))
        ),
        student=first_text(*(body.get(name) for name in ("suffix", "outputModel", "customModelName", "displayName"))),
        blind=f"training data in a bucket ({elsewhere.group(1)}://)" if elsewhere else None,
    )


def _dataset_ids(body: Mapping[str, Any]) -> Iterator[Any]:
    for one in body.get("training_files") or ():
        yield one.get("file_id") if isinstance(one, dict) else one
    yield obj(obj(body.get("settings"))).get("dataset_id")


def _upload(call: Call, kind: str, side: Side, answer: Mapping[str, Any], url: str) -> Sink | None:
    fields = {part.name: part.text for part in side.form if part.filename is None}
    purpose = first_text(fields.get("purpose"), answer.get("purpose"), obj(side.json).get("purpose"))
    named = _TRAINING.search(purpose) if purpose else None
    if kind == "file" and not named and (purpose or call.provider != "mistral_ai"):
        return None
    if kind == "typed" and not _TRAINING.search(url.partition("?")[2]):
        return None
    if kind == "large":
        return Sink(call=call, kind="upload", blind="a file uploaded in parts") if named else None
    if kind == "signed":
        return Sink(call=call, kind="upload", blind="an upload to a signed address")
    file = first_text(_dataset_name(call.path or ""), answer.get("id"))
    data = next((part.data for part in side.form if part.filename is not None), b"")
    return _filled(call, (data,), file)


def _dataset_name(path: str) -> str | None:
    found = re.search(r"/(accounts/[^/]+/datasets/[^/:]+)", path)
    return found.group(1) if found else None


def _commit(call: Call, body: bytes) -> Sink | None:
    """A commit to a data set at Hugging Face: small files inline in base64, large ones elsewhere."""
    lines = [obj(_line(line)) for line in body.splitlines() if line.strip()]
    files = [obj(line.get("value")) for line in lines if line.get("key") == "file"]
    large = [line for line in lines if line.get("key") == "lfsFile"]
    data = [_unpacked(one) for one in files if str(one.get("path", "")).lower().endswith(_DATA_NAMES)]
    if data:
        return _filled(call, data, None)
    return Sink(call=call, kind="upload", blind="a large file kept outside the commit") if large else None


def _line(line: bytes) -> Any:
    try:
        return decode_json(line)
    except ValueError:
        return None


def _unpacked(file: Mapping[str, Any]) -> bytes:
    content = str(file.get("content", ""))
    if file.get("encoding", "base64") != "base64":
        return content.encode()
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError):
        return b""


def _filled(call: Call, files: Iterable[bytes], file: str | None) -> Sink:
    contents = list(files)
    rows = tuple(row for data in contents for row in read_rows(data))
    blind = None if rows else "a training file in a form that is not read"
    return Sink(call=call, kind="upload", rows=rows, file=file, blind=blind)
