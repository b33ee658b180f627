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
    palm,
    resource,
    retrieval,
)
from auditor.dialects.routing.route import row
from auditor.dialects.text_completion import completion

_ENGINES = "https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/projects.locations.reasoningEngines"
_AGENTS = completion("vertex.agents", _ENGINES)

ROWS = (
    row("POST", r"/publishers/(?!anthropic/)[^/]+/models/[^/:]+:(stream)?[rR]awPredict$", openai_chat.DIALECT, "chat"),
    row("POST", r"/endpoints/[^/:]+:(stream)?[rR]awPredict$", openai_chat.DIALECT, "chat", "gemini"),
    row("SOCKET", r"Bidi(GenerateContent|Service)", gemini_live.DIALECT, "realtime"),
    row("POST", r":(generate|streamGenerate)Content$", gemini_generate.DIALECT, "generate_content"),
    row("POST", r":(embedContent|batchEmbedContents|asyncBatchEmbedContent)$", gemini_embed.EMBED, "embeddings"),
    row("POST", r":count[A-Za-z]*Tokens$|:computeTokens$", gemini_embed.COUNT, "count_tokens"),
    row("POST", r":batchGenerateContent$", files.BATCHES, "batch", "gemini"),
    row(
        "POST",
        r"/models/(image|virtual-try-on)[^/]*:predict$",
        images.DIALECT,
        "image_generation",
        "gemini",
    ),
    row("POST", r":predictLongRunning$", images.DIALECT, "video_generation", "gemini"),
    row("POST", r"/models/(chat|codechat)-bison[^/]*:predict$", palm.DIALECT, "chat", "gemini"),
    row("POST", r":generateMessage$", palm.DIALECT, "chat", "gemini"),
    row(
        "POST",
        r"/models/(text|code)-(bison|gecko|unicorn)[^/]*:predict$|:generateText$",
        palm.DIALECT,
        "text_completion",
        "gemini",
    ),
    row("POST", r"/endpoints/[^/:]+:predict$", palm.DIALECT, "text_completion", "gemini"),
    row("POST", r"/rankingConfigs/[^/:]+:rank$", embeddings.RERANK, "rerank", "gemini"),
    row("POST", r":predict$|:(batchE|e)mbedText$", gemini_embed.EMBED, "embeddings", "gemini"),
    row("POST", r"/auth_tokens$", gemini_embed.CACHES, "realtime", "gemini"),
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
    row(
        "",
        r"/(tuningJobs|tunedModels)(/[^/:]+)*(:(cancel|transferOwnership|rebaseTunedModel))?$",
        resource.FINE_TUNING,
        "fine_tuning",
        "gemini",
    ),
    row("", r"/(fileSearchStores|corpora|ragCorpora)(/|$|:)", retrieval.DIALECT, "vector_stores", "gemini"),
    row("", r"^/(upload/|download/)?v[^/]+/files(/|$)|^/upload/", files.FILES, "files", "gemini"),
    row("POST", r"/reasoningEngines/[^/]+:[a-zA-Z]*[qQ]uery$", _AGENTS, "invoke_agent", "gemini"),
    row("POST", r"/reasoningEngines$", _AGENTS, "create_agent", "gemini"),
    row("", r"/reasoningEngines(/|$)", _AGENTS, "assistants", "gemini"),
    row(
        "POST",
        r":(search|answer|converse|retrieveContexts|generateAnswer|query)$",
        retrieval.DIALECT,
        "retrieval",
        "gemini",
    ),
)
