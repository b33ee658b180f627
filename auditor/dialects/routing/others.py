# SPDX-License-Identifier: Apache-2.0
"""Rows of providers with formats of their own: Cohere, Ollama, watsonx, Replicate, Hugging Face, speech, web."""

from auditor.dialects import (
    audio,
    chatgpt_web,
    cohere_chat,
    cohere_chat_v1,
    deepl,
    embeddings,
    files,
    ollama,
    openai_chat,
    oracle,
    replicate,
    resource,
    speech_sockets,
    writer,
)
from auditor.dialects.routing.route import row
from auditor.dialects.text_completion import completion

_SPEECH = ("deepgram", "assemblyai", "elevenlabs")
_HUGGING_FACE = "https://huggingface.co/docs/inference-providers/tasks/index"
ROWS = (
    row("POST", r"^/20231130/actions/chat$", oracle.DIALECT, "chat", "other"),
    row("POST", r"^/20231130/actions/embedText$", oracle.INPUTS, "embeddings", "other"),
    row("POST", r"^/20231130/actions/rerankText$", oracle.INPUTS, "rerank", "other"),
    row("", r"^/v[23]/(translate|write/rephrase|document)(/|$)", deepl.DIALECT, "translation", "other"),
    row("", r"^/v[23]/(usage|languages|admin)(/|$)", resource.ADMIN, "admin", "other"),
    row("", r"^/v1/applications/", writer.DIALECT, "text_completion", "openai"),
    row("POST", r"^/v1/graphs/question$", writer.DIALECT, "retrieval", "openai"),
    row("POST", r"^/v1/translation$", writer.DIALECT, "translation", "openai"),
    row("POST", r"^/v1/vision$", writer.DIALECT, "chat", "openai"),
    row("POST", r"/v2/chat$", cohere_chat.DIALECT, "chat"),
    row("POST", r"/v1/chat$|^/chat$", cohere_chat_v1.DIALECT, "chat", "cohere"),
    row(
        "POST",
        r"/generate$",
        completion("cohere.generate", "https://docs.cohere.com/v1/reference/generate"),
        "text_completion",
        "cohere",
    ),
    row("POST", r"/embed$", embeddings.DIALECT, "embeddings"),
    row("POST", r"/(de)?tokenize(r|-text)?$", embeddings.TOKENIZE, "count_tokens"),
    row("POST", r"/summarize$", embeddings.TEXTS, "text_completion", "cohere"),
    row("", r"/(datasets)(/|$)", files.FILES, "files", "cohere"),
    row("", r"/embed-jobs(/|$)", files.BATCHES, "batch", "cohere"),
    row("", r"/finetuning/", resource.FINE_TUNING, "fine_tuning", "cohere"),
    row("POST", r"/api/chat$", ollama.CHAT, "chat"),
    row("POST", r"/api/generate$", ollama.GENERATE, "text_completion"),
    row("POST", r"/api/embed(dings)?$", embeddings.DIALECT, "embeddings", "ollama"),
    row(
        "", r"/api/(tags|pull|push|show|ps|version|create|copy|delete|blobs)(/|$)", resource.MODELS, "models", "ollama"
    ),
    row(
        "POST",
        r"/(generation/text|text/generation)(_stream)?$",
        completion("watsonx.generation", "https://cloud.ibm.com/apidocs/watsonx-ai#text-generation"),
        "text_completion",
        "watsonx",
    ),
    row("POST", r"/text/chat(_stream)?$", openai_chat.DIALECT, "chat", "watsonx"),
    row("POST", r"/(text/embeddings|embeddings/text)$", embeddings.DIALECT, "embeddings", "watsonx"),
    row("POST", r"/text/rerank$", embeddings.RERANK, "rerank", "watsonx"),
    row("POST", r"/text/tokenization$", embeddings.TOKENIZE, "count_tokens", "watsonx"),
    row("", r"/foundation_model(_spec)?s$", resource.MODELS, "models", "watsonx"),
    row("", r"/(predictions|streams)(/|$)", replicate.DIALECT, "prediction", "replicate"),
    row("", r"/trainings(/|$)", resource.FINE_TUNING, "fine_tuning", "replicate"),
    row("", r"/(collections|hardware)(/|$)", resource.MODELS, "models", "replicate"),
    row("", r"^/replicate/v1/", replicate.DIALECT, "prediction", "huggingface"),
    row(
        "POST", r"feature-extraction", completion("huggingface.embeddings", _HUGGING_FACE), "embeddings", "huggingface"
    ),
    row(
        "POST",
        r"^(/hf-inference)?/(models|pipeline)/(?!.*/v1/)|^/$|/generate(_stream)?$",
        completion("huggingface.inference", _HUGGING_FACE, binary=True),
        "text_completion",
        "huggingface",
    ),
    row(
        "POST",
        r"/complete$",
        completion("aleph_alpha.complete", "https://docs.aleph-alpha.com"),
        "text_completion",
        "aleph_alpha",
    ),
    row("SOCKET", r"/agent/converse$|/convai/conversation$", speech_sockets.AGENT, "realtime", *_SPEECH),
    row("SOCKET", r"/listen$|/v3/ws$|/realtime(/ws)?$", speech_sockets.LISTEN, "transcription", *_SPEECH),
    row("SOCKET", r"/speak$|/text-to-speech/.*stream-input$", speech_sockets.SPEAK, "speech", *_SPEECH),
    row(
        "POST",
        r"^/lemur/v3/",
        completion("assemblyai.lemur", "https://www.assemblyai.com/docs/api-reference/lemur"),
        "text_completion",
        "assemblyai",
    ),
    row("", r"/listen$|^/v2/(upload|transcript)(/|$)|/speech-to-text", audio.TRANSCRIPTION, "transcription", *_SPEECH),
    row("", r"/speak$|/text-to-(speech|dialogue)|/speech-to-speech/", audio.SPEECH, "speech", *_SPEECH),
    row("POST", r"/read$", audio.TRANSCRIPTION, "other", *_SPEECH),
    row("POST", r"/backend-(api|anon)/(f/)?conversation$", chatgpt_web.DIALECT, "chat", "chatgpt"),
)
