# SPDX-License-Identifier: Apache-2.0
"""Models that are named in the path rather than in the body."""

import re

_NAMED = (
    re.compile(r"/model/(.+)/[a-z-]+$"),
    re.compile(r"/(?:models|tunedModels|endpoints)/([^/:]+):[A-Za-z]+$"),
    re.compile(r"/deployments/([^/]+)/"),
    re.compile(r"endpoints/([^/]+)/invocations"),
    re.compile(r"/engines/([^/]+)/"),
    re.compile(r"(?:/pipeline/[a-z-]+|/hf-inference/models|^/models)/([^/]+/[^/:]+)$"),
)
"""Bedrock (an id, or an ARN), Google, Azure, SageMaker and Databricks, older OpenAI, Hugging Face."""


def path_model(path: str) -> str | None:
    """The model, deployment or endpoint a path names, or None."""
    return next((found.group(1) for one in _NAMED if (found := one.search(path))), None)
