# SPDX-License-Identifier: Apache-2.0
"""OpenAI's files and fine-tuning jobs, written from https://platform.openai.com/docs/api-reference/{files,fine-tuning}.

Files are kept in memory for as long as the mock runs. A training file must be JSON lines, as the provider demands.
"""

from typing import Any

import msgspec

from auditor.demo.mock.model import identifier, tokens

type Json = dict[str, Any]


class Refused(Exception):
    """A request the provider would refuse: `status`, and what its error object says."""

    def __init__(self, status: int, message: str, *, kind: str = "invalid_request_error", code: str | None = None):
        super().__init__(message)
        self.status, self.message, self.kind, self.code = status, message, kind, code


class Shelf:
    """The uploaded files and the jobs made of them."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[Json, bytes]] = {}
        self._jobs: dict[str, Json] = {}

    def upload(self, name: str, content: bytes, purpose: str, created: int) -> Json:
        """Keeps a file; returns its object."""
        if purpose == "fine-tune":
            _check_rows(content)
        file_id = identifier("file-", f"{len(self._files)}/{name}", 22)
        described = {
            "object": "file",
            "id": file_id,
            "purpose": purpose,
            "filename": name,
            "bytes": len(content),
            "created_at": created,
            "expires_at": None,
            "status": "processed",
            "status_details": None,
        }
        self._files[file_id] = (described, content)
        return described

    def file(self, file_id: str) -> Json:
        """One file's object."""
        if file_id not in self._files:
            raise Refused(404, f"No such File object: {file_id}")
        return self._files[file_id][0]

    def tune(self, request: Json, created: int) -> Json:
        """Starts a fine-tuning job over an uploaded file; returns its object."""
        training = str(request["training_file"])
        if training not in self._files:
            raise Refused(400, f"invalid training_file: {training}", code="invalid_training_file")
        job_id = identifier("ftjob-", f"{len(self._jobs)}/{training}")
        auto = {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}
        wanted = auto | (request.get("hyperparameters") or {})
        self._jobs[job_id] = {
            "object": "fine_tuning.job",
            "id": job_id,
            "model": request["model"],
            "created_at": created,
            "finished_at": None,
            "fine_tuned_model": None,
            "organization_id": "org-halden",
            "result_files": [],
            "status": "validating_files",
            "validation_file": request.get("validation_file"),
            "training_file": training,
            "hyperparameters": wanted,
            "method": request.get("method") or {"type": "supervised", "supervised": {"hyperparameters": wanted}},
            "trained_tokens": None,
            "estimated_finish": None,
            "error": {},
            "integrations": [],
            "metadata": request.get("metadata"),
            "seed": request.get("seed") or tokens(training),
            "user_provided_suffix": request.get("suffix"),
        }
        return self._jobs[job_id]

    def job(self, job_id: str) -> Json:
        """One job's object."""
        if job_id not in self._jobs:
            raise Refused(404, f"Could not find fine tune: {job_id}", code="fine_tune_not_found")
        return self._jobs[job_id]


def _check_rows(content: bytes) -> None:
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError:
            raise Refused(400, f"Line {number} of the training file is not valid JSON.") from None
        if not isinstance(row, dict) or "messages" not in row:
            raise Refused(400, f"Line {number} of the training file has no messages.")
