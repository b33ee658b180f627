# SPDX-License-Identifier: Apache-2.0
"""Which operation a documented path is: one row for each, by the providers' API references."""

from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import exchange, read

OPENAI, AZURE = "https://api.openai.com/v1", "https://acme.openai.azure.com/openai"
FOUNDRY = "https://acme.services.ai.azure.com"
BEDROCK = "https://bedrock-runtime.eu-central-1.amazonaws.com"
AGENTS = "https://bedrock-agent-runtime.eu-central-1.amazonaws.com"
ARN = "arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3A"
VERTEX = "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4"
GEMINI = "https://generativelanguage.googleapis.com/v1beta"
MISTRAL, XAI, ANTHROPIC = "https://api.mistral.ai/v1", "https://api.x.ai/v1", "https://api.anthropic.com/v1"
COHERE, OPENROUTER = "https://api.cohere.com", "https://openrouter.ai/api/v1"
WATSONX = "https://eu-de.ml.cloud.ibm.com/ml/v1"
DATABRICKS = "https://adb-1.azuredatabricks.net/serving-endpoints/e/invocations"
SNOWFLAKE = "https://acme.snowflakecomputing.com/api/v2/cortex"
CLOUDFLARE = "https://api.cloudflare.com/client/v4/accounts/a/ai/run"
TURNS = {"messages": [{"role": "user", "content": "Ebb?"}]}

PATHS: list[tuple[str, str, Any, str]] = [
    ("POST", f"{OPENAI}/chat/completions", TURNS, "chat"),
    ("GET", f"{OPENAI}/chat/completions/c_1/messages", None, "stored_completions"),
    ("POST", f"{OPENAI}/responses/resp_1/cancel", None, "stored_responses"),
    ("GET", f"{OPENAI}/responses/resp_1/input_items", None, "stored_responses"),
    ("POST", f"{OPENAI}/responses/input_tokens", {"model": "m", "input": "a"}, "count_tokens"),
    ("POST", f"{OPENAI}/uploads/u_1/complete", {"part_ids": []}, "uploads"),
    ("POST", f"{OPENAI}/containers/c_1/files", None, "containers"),
    ("GET", f"{OPENAI}/containers/c_1/files/f_1/content", None, "containers"),
    ("POST", f"{OPENAI}/vector_stores/vs_1/file_batches", {"file_ids": []}, "vector_stores"),
    ("GET", f"{OPENAI}/skills/s_1/content", None, "skills"),
    ("POST", f"{OPENAI}/videos/v_1/remix", {"prompt": "a"}, "video_generation"),
    ("POST", f"{OPENAI}/evals/e_1/runs", {"data_source": {}}, "other"),
    ("GET", f"{OPENAI}/organization/usage/completions", None, "admin"),
    ("GET", f"{OPENAI}/organization/usage/vector_stores", None, "admin"),
    ("GET", f"{ANTHROPIC}/organizations/analytics/skills", None, "admin"),
    ("POST", "https://api.venice.ai/api/v1/image/generate", {"prompt": "a"}, "image_generation"),
    ("POST", "https://api.stability.ai/v2beta/stable-image/generate/core", {"prompt": "a"}, "image_generation"),
    ("POST", "https://api.minimaxi.com/v1/text/chatcompletion_v2", TURNS, "chat"),
    ("POST", "https://api.deepinfra.com/v1/inference/meta/llama", {"input": "a"}, "text_completion"),
    ("POST", "https://api.deepinfra.com/v1/inference/baai/bge", {"inputs": ["a"]}, "embeddings"),
    ("POST", f"{OPENAI}/fine_tuning/alpha/graders/run", {}, "fine_tuning"),
    ("POST", f"{OPENAI}/realtime/transcription_sessions", {}, "realtime"),
    ("POST", f"{OPENAI}/conversations/c_1/items", {"items": []}, "conversations"),
    ("POST", f"{AZURE}/deployments/d/chat/completions?api-version=1", TURNS, "chat"),
    ("POST", f"{AZURE}/images/generations:submit?api-version=1", {"prompt": "a"}, "image_generation"),
    ("GET", f"{AZURE}/operations/images/o_1", None, "image_generation"),
    ("POST", f"{AZURE}/v1/video/generations/jobs", {"prompt": "a"}, "video_generation"),
    ("POST", f"{AZURE}/realtimeapi/sessions", {"model": "m"}, "realtime"),
    ("POST", f"{FOUNDRY}/models/chat/completions", TURNS, "chat"),
    ("POST", f"{FOUNDRY}/models/images/embeddings", {"input": []}, "embeddings"),
    ("GET", f"{FOUNDRY}/models/info", None, "models"),
    ("POST", f"{FOUNDRY}/api/projects/p/agents", {"name": "a"}, "create_agent"),
    ("POST", f"{FOUNDRY}/api/projects/p/threads/t/runs", {}, "invoke_agent"),
    ("POST", f"{FOUNDRY}/providers/cohere/v2/embed", {"texts": ["a"]}, "embeddings"),
    ("POST", f"{FOUNDRY}/contentsafety/text:analyze", {"text": "a"}, "moderation"),
    ("POST", "https://m.eastus.models.ai.azure.com/v1/chat", {"message": "Ebb?"}, "chat"),
    ("POST", f"{BEDROCK}/model/{ARN}inference-profile%2Feu.amazon.nova-lite-v1%3A0/converse", TURNS, "chat"),
    ("POST", f"{BEDROCK}/model/{ARN}%3Afoundation-model%2Famazon.titan-embed-text-v2%3A0/invoke", {}, "embeddings"),
    (
        "POST",
        f"{BEDROCK}/model/{ARN}application-inference-profile%2Fx/invoke",
        {"texts": ["a"], "input_type": "search_query"},
        "embeddings",
    ),
    (
        "POST",
        f"{BEDROCK}/model/{ARN}application-inference-profile%2Fx/invoke",
        {"query": "a", "documents": ["b"]},
        "rerank",
    ),
    ("POST", f"{BEDROCK}/model/{ARN}application-inference-profile%2Fx/invoke", {"prompt": "a"}, "chat"),
    ("POST", f"{BEDROCK}/model/stability.sd3-5-large-v1%3A0/invoke", {"prompt": "a"}, "image_generation"),
    ("POST", f"{BEDROCK}/model/m/count-tokens", {"input": {}}, "count_tokens"),
    ("POST", f"{BEDROCK}/async-invoke", {"modelId": "amazon.nova-reel-v1:0"}, "video_generation"),
    ("GET", f"{BEDROCK}/async-invoke/{ARN}async-invoke%2Fx", None, "video_generation"),
    ("POST", f"{BEDROCK}/guardrail/g/version/1/apply", {"content": []}, "moderation"),
    ("POST", f"{AGENTS}/agents/A/agentAliases/B/sessions/s/text", {"inputText": "a"}, "invoke_agent"),
    ("POST", f"{AGENTS}/flows/F/aliases/B", {"inputs": []}, "invoke_agent"),
    ("POST", f"{AGENTS}/knowledgebases/K/retrieve", {}, "retrieval"),
    ("POST", f"{AGENTS}/retrieveAndGenerateStream", {}, "retrieval"),
    ("PUT", "https://bedrock-agent.eu-central-1.amazonaws.com/agents/", {"agentName": "a"}, "create_agent"),
    ("GET", "https://bedrock-agent.eu-central-1.amazonaws.com/knowledgebases/K", None, "vector_stores"),
    (
        "POST",
        f"https://bedrock-agentcore.eu-central-1.amazonaws.com/runtimes/{ARN}runtime%2Fr/invocations",
        {"prompt": "a"},
        "invoke_agent",
    ),
    ("POST", f"{VERTEX}/publishers/anthropic/models/claude:streamRawPredict", TURNS, "chat"),
    ("POST", f"{VERTEX}/publishers/anthropic/models/count-tokens:rawPredict", TURNS, "count_tokens"),
    ("POST", f"{VERTEX}/publishers/mistralai/models/codestral@1:rawPredict", {"prompt": "a"}, "chat"),
    ("POST", f"{VERTEX}/publishers/ai21/models/jamba@1:rawPredict", TURNS, "chat"),
    ("POST", f"{VERTEX}/endpoints/openapi/chat/completions", TURNS, "chat"),
    ("POST", f"{VERTEX}/publishers/google/models/text-bison@002:predict", {"instances": []}, "text_completion"),
    ("POST", f"{VERTEX}/publishers/google/models/chat-bison@002:predict", {"instances": []}, "chat"),
    ("POST", f"{VERTEX}/publishers/google/models/imagen-4.0-generate-001:predict", {}, "image_generation"),
    ("POST", f"{VERTEX}/publishers/google/models/text-embedding-005:predict", {}, "embeddings"),
    ("POST", f"{VERTEX}/publishers/google/models/veo-3.0-generate-001:predictLongRunning", {}, "video_generation"),
    ("POST", f"{VERTEX}/endpoints/123:predict", {"instances": [{"prompt": "a"}]}, "text_completion"),
    ("POST", f"{VERTEX}/reasoningEngines/7:streamQuery", {"input": {}}, "invoke_agent"),
    ("POST", f"{VERTEX}/reasoningEngines", {}, "create_agent"),
    ("POST", f"{VERTEX}/batchPredictionJobs", {}, "batch"),
    ("POST", f"{VERTEX}:retrieveContexts", {"query": {"text": "a"}}, "retrieval"),
    ("POST", f"{GEMINI}/models/gemini-2.5-flash:batchGenerateContent", {}, "batch"),
    ("POST", f"{GEMINI}/models/text-bison-001:generateText", {"prompt": {"text": "a"}}, "text_completion"),
    ("POST", f"{GEMINI}/models/text-bison-001:countTextTokens", {}, "count_tokens"),
    ("POST", f"{GEMINI}/fileSearchStores/s:importFile", {}, "vector_stores"),
    ("POST", "https://generativelanguage.googleapis.com/v1alpha/auth_tokens", {}, "realtime"),
    ("POST", f"{MISTRAL}/fim/completions", {"prompt": "a", "suffix": "b"}, "text_completion"),
    ("POST", f"{MISTRAL}/agents/completions", TURNS, "invoke_agent"),
    ("POST", f"{MISTRAL}/agents", {"name": "a"}, "create_agent"),
    ("POST", f"{MISTRAL}/conversations", {"inputs": "a"}, "conversations"),
    ("POST", f"{MISTRAL}/chat/moderations", {"input": "a"}, "moderation"),
    ("POST", f"{MISTRAL}/libraries/l/documents", None, "vector_stores"),
    ("POST", f"{MISTRAL}/batch/jobs", {"model": "m"}, "batch"),
    ("POST", f"{XAI}/tokenize-text", {"text": "a"}, "count_tokens"),
    ("GET", f"{XAI}/language-models", None, "models"),
    ("GET", f"{XAI}/chat/deferred-completion/r", None, "stored_completions"),
    ("POST", f"{XAI}/tts", {"text": "a"}, "speech"),
    ("GET", f"{XAI}/api-key", None, "admin"),
    ("POST", f"{ANTHROPIC}/sessions/s/events", {"events": []}, "invoke_agent"),
    ("POST", f"{ANTHROPIC}/agents", {"name": "a"}, "create_agent"),
    ("GET", f"{ANTHROPIC}/messages/batches/b/results", None, "batch"),
    ("GET", f"{ANTHROPIC}/organizations/usage_report/messages", None, "admin"),
    ("POST", f"{COHERE}/v1/generate", {"prompt": "a"}, "text_completion"),
    ("POST", f"{COHERE}/v1/detokenize", {"tokens": []}, "count_tokens"),
    ("POST", f"{COHERE}/v1/classify", {"inputs": ["a"]}, "other"),
    ("GET", f"{OPENROUTER}/credits", None, "admin"),
    ("POST", f"{OPENROUTER}/messages", TURNS, "chat"),
    ("POST", "https://api.perplexity.ai/async/chat/completions", {"request": TURNS}, "chat"),
    ("POST", "https://api.perplexity.ai/search", {"query": "a"}, "retrieval"),
    ("POST", f"{WATSONX}/text/chat_stream", TURNS, "chat"),
    ("POST", f"{WATSONX}/deployments/d/text/generation", {"input": "a"}, "text_completion"),
    ("POST", f"{WATSONX}/text/rerank", {"query": "a"}, "rerank"),
    ("POST", DATABRICKS, TURNS, "chat"),
    ("POST", DATABRICKS, {"input": ["a"]}, "embeddings"),
    ("POST", DATABRICKS, {"input": [{"role": "user", "content": "a"}]}, "chat"),
    ("POST", DATABRICKS, {"prompt": "a"}, "text_completion"),
    ("POST", f"{SNOWFLAKE}/inference:complete", TURNS, "chat"),
    ("POST", f"{SNOWFLAKE}/agent:run", TURNS, "invoke_agent"),
    ("POST", f"{CLOUDFLARE}/@cf/baai/bge-m3", {"text": ["a"]}, "embeddings"),
    ("POST", f"{CLOUDFLARE}/@cf/black-forest-labs/flux-1-schnell", {"prompt": "a"}, "image_generation"),
    ("POST", "https://ai.api.nvidia.com/v1/retrieval/nvidia/reranking", {"query": {"text": "a"}}, "rerank"),
    ("POST", "https://api.jina.ai/v1/rerank", {"query": "a"}, "rerank"),
    ("POST", "https://api.together.xyz/inference", {"prompt": "a"}, "text_completion"),
    ("POST", "https://api.z.ai/api/paas/v4/web_search", {"search_query": "a"}, "retrieval"),
    ("POST", "https://api.z.ai/api/paas/v4/async/chat/completions", TURNS, "chat"),
    ("GET", "https://api.z.ai/api/paas/v4/async-result/r", None, "stored_completions"),
    ("POST", "https://api.elevenlabs.io/v1/text-to-speech/v/stream", {"text": "a"}, "speech"),
    ("POST", "https://api.deepgram.com/v1/speak?model=aura", {"text": "a"}, "speech"),
    ("POST", "https://api.assemblyai.com/v2/transcript", {"audio_url": "https://a.example/b"}, "transcription"),
]


@pytest.mark.parametrize(("method", "url", "asked", "operation"), PATHS)
def test_a_documented_path_is_its_operation(method: str, url: str, asked: Any, operation: str) -> None:
    call = read(exchange(url, asked if asked is not None else b"", {}, method=method)).call
    assert call.operation == operation
    assert call.outcome is not Outcome.UNPARSED
