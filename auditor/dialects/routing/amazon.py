# SPDX-License-Identifier: Apache-2.0
"""Rows of Amazon: Bedrock and SageMaker."""

from auditor.dialects import (
    bedrock_agents,
    bedrock_converse,
    bedrock_invoke,
    embeddings,
    files,
    images,
    nova_sonic,
    resource,
    retrieval,
)
from auditor.dialects.routing.route import has, row
from auditor.dialects.text_completion import completion

_AGENTCORE = "https://docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_InvokeAgentRuntime.html"
ROWS = (
    row("POST", r"/converse(-stream)?$", bedrock_converse.DIALECT, "chat"),
    row("POST", r"/model/.*embed[^/]*/invoke$", embeddings.DIALECT, "embeddings", "bedrock"),
    row("POST", r"/model/.*rerank[^/]*/invoke$", embeddings.RERANK, "rerank", "bedrock"),
    row("POST", r"/model/.*(image|canvas|stability\.)[^/]*/invoke$", images.DIALECT, "image_generation", "bedrock"),
    # Behind the ARN of an inference profile or of provisioned throughput only the body tells.
    row("POST", r"/model/arn:.*/invoke$", embeddings.DIALECT, "embeddings", "bedrock", when=has("texts", "input_type")),
    row("POST", r"/model/arn:.*/invoke$", embeddings.RERANK, "rerank", "bedrock", when=has("query", "documents")),
    row(
        "POST",
        r"/model/.+/invoke(-with-response-stream)?$",
        bedrock_invoke.DIALECT,
        "chat",
    ),
    row("POST", r"/model/.+/invoke-with-bidirectional-stream$", nova_sonic.DIALECT, "realtime"),
    row("POST", r"/model/.+/count-tokens$", bedrock_invoke.COUNT, "count_tokens", "bedrock"),
    row("", r"/async-invoke(/|$)", images.DIALECT, "video_generation", "bedrock"),
    row("POST", r"/guardrail/.+/apply$", bedrock_converse.GUARDRAIL, "moderation", "bedrock"),
    row("POST", r"^/agents/[^/]+(/agentAliases/.+/text)?$|^/flows/", bedrock_agents.DIALECT, "invoke_agent", "bedrock"),
    row("POST", r"^/runtimes/.+/invocations$", completion("bedrock.agentcore", _AGENTCORE), "invoke_agent", "bedrock"),
    row("PUT", r"^/agents$", bedrock_agents.DIALECT, "create_agent", "bedrock"),
    row("", r"^/agents(/|$)", bedrock_agents.DIALECT, "assistants", "bedrock"),
    row(
        "POST",
        r"^/knowledgebases/[^/]+/retrieve$|^/retrieveAndGenerate(Stream)?$",
        bedrock_agents.DIALECT,
        "retrieval",
        "bedrock",
    ),
    row("", r"^/knowledgebases(/|$)", retrieval.DIALECT, "vector_stores", "bedrock"),
    row("POST", r"/rerank$", embeddings.RERANK, "rerank", "bedrock"),
    row(
        "",
        r"/(foundation-models|inference-profiles|custom-models|imported-models)(/|$)",
        resource.MODELS,
        "models",
        "bedrock",
    ),
    row("", r"/model-customization-jobs?(/|$)", resource.FINE_TUNING, "fine_tuning", "bedrock"),
    row("", r"/model-invocation-jobs?(/|$)", files.BATCHES, "batch", "bedrock"),
    row(
        "POST",
        r"/endpoints/[^/]+/invocations(-response-stream)?$",
        completion(
            "sagemaker.invoke",
            "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html",
        ),
        "text_completion",
        "sagemaker",
    ),
)
