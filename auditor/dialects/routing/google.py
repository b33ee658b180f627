# SPDX-License-Identifier: Apache-2.0
"""Rows of Google: the Gemini API, Vertex AI and Code Assist."""

from auditor.dialects import (
    embeddings,
    files,
    gemini_embed,
    gemini_generate,
    gemini_interactions,
    gemini_live,
    images,
    openai_chat,
    resource,
)
from auditor.dialects.routing.route import row

ROWS = (
    row("POST", r"/publishers/mistralai/models/[^/:]+:(stream)?[rR]awPredict$", openai_chat.DIALECT, "chat"),
    row("POST", r"/endpoints/[^/:]+:(stream)?[rR]awPredict$", openai_chat.DIALECT, "chat", "gemini"),
    row("SOCKET", r"Bidi(GenerateContent|Service)", gemini_live.DIALECT, "realtime", "gemini"),
    row("POST", r":(generate|streamGenerate)Content$", gemini_generate.DIALECT, "generate_content"),
    row("POST", r":(embedContent|batchEmbedContents|asyncBatchEmbedContent)$", gemini_embed.EMBED, "embeddings"),
    row("POST", r":countTokens$|:computeTokens$", gemini_embed.COUNT, "count_tokens"),
    row("POST", r":batchGenerateContent$", files.BATCHES, "batch", "gemini"),
    row(
        "POST",
        r"/models/(imagen|imagegeneration|imagetext)[^/]*:predict$",
        images.DIALECT,
        "image_generation",
        "gemini",
    ),
    row("POST", r":predictLongRunning$", images.DIALECT, "video_generation", "gemini"),
    row("POST", r":predict$", gemini_embed.EMBED, "embeddings", "gemini"),
    row(
        "",
        r"/operations/[^/]+$|:fetchPredictOperation$",
        resource.resource("gemini.operations", "https://ai.google.dev/api/batch-api"),
        "operations",
        "gemini",
    ),
    row("", r"/interactions(/|$)", gemini_interactions.DIALECT, "generate_content", "gemini"),
    row("", r"/cachedContents(/|$)", gemini_embed.CACHES, "caches", "gemini"),
    row("", r"/(batches|batchPredictionJobs)(/|$|:)", files.BATCHES, "batch", "gemini"),
    row("", r"/(tuningJobs|tunedModels)(/|$)", resource.FINE_TUNING, "fine_tuning", "gemini"),
    row("", r"/(fileSearchStores|corpora|ragCorpora)(/|$|:)", embeddings.VECTOR_STORES, "vector_stores", "gemini"),
    row("", r"^/(upload/|download/)?v[^/]+/files(/|$)|^/upload/", files.FILES, "files", "gemini"),
    row(
        "POST",
        r"/reasoningEngines/[^/]+:(query|streamQuery)$",
        resource.resource("vertex.agents", "https://cloud.google.com/vertex-ai/generative-ai/docs/agent-engine/use"),
        "invoke_agent",
        "gemini",
    ),
    row("POST", r":(search|answer|converse|retrieveContexts)$", embeddings.VECTOR_STORES, "retrieval", "gemini"),
)
