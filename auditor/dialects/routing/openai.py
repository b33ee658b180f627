# SPDX-License-Identifier: Apache-2.0
"""Rows of the OpenAI formats, for all who speak them; last, because their paths are the most general."""

from auditor.dialects import (
    audio,
    cloudflare,
    cohere_chat_v1,
    conversations,
    dashscope,
    embeddings,
    files,
    images,
    loose,
    ocr,
    openai_agents,
    openai_assistants,
    openai_chat,
    openai_decisions,
    openai_live,
    openai_realtime,
    openai_responses,
    openai_responses_socket,
    openai_stored,
    openai_traces,
    resource,
    retrieval,
    speech_sockets,
)
from auditor.dialects.routing.route import has, row
from auditor.dialects.text_completion import completion

_ADMINISTRATION = r"organizations?|dashboard|billing|projects(?!/[^/]+/locations)|api-key"
"""Google's projects are no administration: models lie below them."""
_SERVED = r"/serving-endpoints/[^/]+/invocations$"
_OPENAI = "https://platform.openai.com/docs/api-reference"
_COMPLETIONS = completion("openai.completions", f"{_OPENAI}/completions")
_SCORE = completion(
    "azure.score", "https://learn.microsoft.com/azure/machine-learning/how-to-deploy-models-from-huggingface"
)
_RESPONSES_COUNT = openai_responses.DIALECT._replace(
    name="openai.count_tokens", source=f"{_OPENAI}/responses/input-tokens", assemble=None
)
# Rows to be judged, and what judges them, lie in as many shapes as there are graders: all texts of a request count.
_EVALS = files.FILES._replace(name="evals", source=f"{_OPENAI}/evals, {_OPENAI}/graders", ask=loose.ask)

ROWS = (
    row("", rf"^/(v1/)?({_ADMINISTRATION})(/|$)", resource.ADMIN, "admin"),
    row("SOCKET", r"/responses$", openai_responses_socket.DIALECT, "chat"),
    row("SOCKET", r"/audio/transcriptions/realtime$|/v1/stt$", speech_sockets.LISTEN, "transcription"),
    row("SOCKET", r"/audio/speech/realtime$|/v1/tts$", speech_sockets.SPEAK, "speech"),
    row("SOCKET", r"/realtime(/translations)?$", openai_realtime.DIALECT, "realtime"),
    row(
        "",
        r"/realtime(api)?/(calls|client_secrets|sessions|transcription_sessions|translations)(/|$)",
        openai_realtime.DIALECT,
        "realtime",
    ),
    row("", r"/live/sessions(/|$)", openai_live.DIALECT, "realtime"),
    row("POST", r"/agents/completions$", openai_chat.DIALECT, "invoke_agent"),
    row(
        "POST",
        r"/chat/completions$|/v1/prompts/[^/]+/completions$|/text/chatcompletion(_v2)?$",
        openai_chat.DIALECT,
        "chat",
    ),
    row(
        "GET DELETE POST",
        r"/chat/completions(/[^/]+(/messages)?)?$",
        openai_stored.DIALECT,
        "stored_completions",
    ),
    row("GET", r"/chat/deferred-completion/|/async-result/", openai_stored.DIALECT, "stored_completions"),
    row("POST", r"/v1/chat$", cohere_chat_v1.DIALECT, "chat", when=has("message")),
    row("POST", r"/v1/chat$", openai_chat.DIALECT, "chat", "openai"),
    row("POST", _SERVED, openai_responses.DIALECT, "chat", "openai", when=openai_responses.converses),
    row("POST", _SERVED, embeddings.DIALECT, "embeddings", "openai", when=has("input")),
    row("POST", _SERVED, _COMPLETIONS, "text_completion", "openai", when=has("prompt")),
    row("POST", rf"{_SERVED}|/inference:complete$", openai_chat.DIALECT, "chat", "openai"),
    row("POST", r"/cortex/agent:run$|/agents/[^/]+:run$", openai_chat.DIALECT, "invoke_agent", "openai"),
    row("POST", r"/cortex/analyst/message$", openai_chat.DIALECT, "chat", "openai"),
    row("POST", r"/cortex-search-services/[^/]+:query$", retrieval.DIALECT, "retrieval", "openai"),
    row("POST", r"/inference:embed$", embeddings.DIALECT, "embeddings", "openai"),
    row("POST", r"/api/v1/services/aigc/(text|multimodal)-generation/", dashscope.DIALECT, "chat", "openai"),
    row("POST", r"/api/v1/services/embeddings/", dashscope.EMBEDDINGS, "embeddings", "openai"),
    row("POST", r"/api/v1/services/rerank/", dashscope.EMBEDDINGS, "rerank", "openai"),
    row("POST", r"/ai_custom/v1/wenxinworkshop/(chat|completions)/", cloudflare.ERNIE, "chat", "openai"),
    row("POST", r"/ai_custom/v1/wenxinworkshop/embeddings/", embeddings.DIALECT, "embeddings", "openai"),
    row("POST", r"/workers-ai/@", cloudflare.DIALECT, "embeddings", "openai", when=has("text")),
    row("POST", r"/workers-ai/@", cloudflare.DIALECT, "chat", "openai"),
    row("POST", r"/ai/run/.*(flux|diffusion|dreamshaper)", images.DIALECT, "image_generation", "openai"),
    row("POST", r"/ai/run/.*whisper", audio.TRANSCRIPTION, "transcription", "openai"),
    row("POST", r"/ai/run/", cloudflare.DIALECT, "embeddings", "openai", when=has("text")),
    row("POST", r"/ai/run/", cloudflare.DIALECT, "chat", "openai"),
    row(
        "POST",
        r"/fim/completions$",
        openai_chat.DIALECT._replace(
            name="mistral.fim", source="https://docs.mistral.ai/api/#tag/fim", recognises=None
        ),
        "text_completion",
    ),
    row("POST", r"/responses(/compact)?$", openai_responses.DIALECT, "chat"),
    row("POST", r"/responses/input_tokens$", _RESPONSES_COUNT, "count_tokens"),
    row("POST", r"^/v1/decisions$", openai_decisions.DIALECT, "other"),
    row("", r"/responses(/|$)", openai_stored.DIALECT, "stored_responses"),
    row(
        "POST",
        r"/embeddings(/multimodal)?$|/embedding/(text|image)$|/multimodalembeddings$|/contextualizedembeddings$",
        embeddings.DIALECT,
        "embeddings",
    ),
    row("POST", r"/(re)?rank(ing)?$|/reranking$|/v1/score$", embeddings.RERANK, "rerank"),
    row("POST", r"/moderations$|/contentsafety/[a-z]+:", embeddings.MODERATION, "moderation"),
    row("POST", r"/(chat/)?classif(y|ications)$", embeddings.TEXTS, "other"),
    row("POST", r"/images?/(generations|edits|variations)(:submit)?$", images.DIALECT, "image_generation"),
    row(
        "POST", r"/image/generate$|/stable-image/|/generation/.*to-image", images.DIALECT, "image_generation", "openai"
    ),
    row("", r"/operations/images/|/workflows/.*(text_to_image|get_result)$", images.DIALECT, "image_generation"),
    row("", r"/videos?(/|$)", images.DIALECT, "video_generation"),
    row("POST", r"/audio/speech$|/v1/tts$", audio.SPEECH, "speech"),
    row("POST", r"/audio/transcriptions$|/v1/stt$|/transcriptions:transcribe$", audio.TRANSCRIPTION, "transcription"),
    row("POST", r"/audio/translations$", audio.TRANSCRIPTION, "translation"),
    row("POST", r"/ocr$|/layout_parsing$", ocr.DIALECT, "ocr"),
    row("POST", r"/assistants$", openai_assistants.DIALECT, "create_agent"),
    row("POST", r"/threads/([^/]+/)?runs(/[^/]+/submit_tool_outputs)?$", openai_assistants.DIALECT, "invoke_agent"),
    row("", r"/(assistants|threads)(/|$)", openai_assistants.DIALECT, "assistants"),
    row("", r"/agents/environments/[^/]+/files(/|$)", files.FILES, "files"),
    row("", r"/agents/(sessions|automations)(/|$)", openai_agents.DIALECT, "invoke_agent"),
    row("POST", r"(/v1|/projects/[^/]+)/agents$", openai_assistants.DIALECT, "create_agent"),
    row("", r"(/v1|/projects/[^/]+)/agents(/|$)", openai_assistants.DIALECT, "assistants"),
    row("", r"/conversations(/|$)", conversations.DIALECT, "conversations"),
    row("", r"/vector_stores(/|$)|^/v1/(libraries|collections)(/|$)", retrieval.DIALECT, "vector_stores"),
    row("", r"/containers(/|$)", files.FILES._replace(name="containers", source=f"{_OPENAI}/containers"), "containers"),
    row("", r"/skills(/|$)", files.FILES._replace(name="skills", source=f"{_OPENAI}/skills"), "skills"),
    row("", r"/files/[^/]+/content$|/files(/|$)", files.FILES, "files"),
    row("", r"/uploads(/|$)", files.FILES, "uploads"),
    row("", r"/batch(es|/jobs)(/|$)", files.BATCHES, "batch"),
    row("POST", r"/fine_tuning/alpha/graders/", _EVALS._replace(name="graders"), "fine_tuning"),
    row("", r"/(fine_tuning|fine-tunes|fine-tuning)(/|$)", resource.FINE_TUNING, "fine_tuning"),
    row("POST", r"/traces/ingest$", openai_traces.DIALECT, "traces_ingest"),
    row("", r"/evals(/|$)", _EVALS, "other"),
    row("", r"^/api/v1/(credits|keys?|auth/keys|activity)(/|$)", resource.ADMIN, "admin", "openai"),
    row("POST", r"^/v1/inference/", embeddings.DIALECT, "embeddings", "openai", when=has("inputs")),
    row("POST", r"^/v1/inference/", _COMPLETIONS, "text_completion", "openai"),
    row(
        "POST",
        r"/completions?$|/v1/complete$|/studio/v1/.*/complete$|/infill$|^/v1/edits$",
        _COMPLETIONS,
        "text_completion",
    ),
    row("POST", r"^/inference$", _COMPLETIONS, "text_completion", "openai"),
    row("POST", r"^/score$", _SCORE, "text_completion", "openai"),
    row("POST", r"^(/v1)?/search$|/web_search$|/engines/[^/]+/search$", retrieval.DIALECT, "retrieval", "openai"),
    row(
        "POST",
        r"/generate(_stream)?$",
        completion("tgi.generate", "https://huggingface.co/docs/text-generation-inference"),
        "text_completion",
    ),
    row(
        "",
        r"/(available-|language-|embedding-|image-generation-)?models(/[^/]+|/[^/]+/[^/]+)?$",
        resource.MODELS,
        "models",
    ),
)
