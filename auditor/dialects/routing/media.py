# SPDX-License-Identifier: Apache-2.0
"""Rows of services that make pictures, films and sound: what is made stands in the path, in the name of the model."""

from auditor.dialects import files, resource
from auditor.dialects.media_jobs import DIALECT
from auditor.dialects.routing.route import row

_STORES = r"^/(proxy/)?storage/|^/files/upload(/|$)|^/v3/storage/|^/v1/(uploads|asset)(/|$)"
_DRAWN = r"(?i)/generations/image|text_to_image|^/v1/images/|/recipes/\w*image"
_LISTENS = r"(?i)whisper|wizper|speech-to-text|transcri|pre-recorded|^/v2/jobs(/|$)|^/stt(/|$)|^/v2/upload$"
_SPEAKS = r"(?i)tts(/|$)|text-to-(speech|audio|music|dialogue)|speech|kokoro|voice|music|sound"
_FILMS = (
    r"(?i)video|/veo\d|/sora|dream-machine|dream_machine|/mochi|/kling|/pika|/tasks/|/recipes/|character_performance"
    r"|^/(talks|clips|animations|scenes)(/|$)"
)
_PICTURES = (
    r"(?i)/generations/image|text_to_image|/images?/|image|flux|/get_result$|diffusion|ideogram|recraft|/photon"
    r"|^/(generate|edit|remix|reframe|upscale|describe)$|/generations(/|$)|/requests/|^/fal-ai/|/predictions(/|$)"
)
ROWS = (
    row(
        "",
        r"(?i)(^|/)(balance|credits|usage|me|account|organization|billing|keys)(/|$)",
        resource.ADMIN,
        "admin",
        "media",
    ),
    row(
        "",
        r"^/(proxy/)?storage/|^/files/upload(/|$)|^/v3/storage/|^/v1/(uploads|asset)(/|$)",
        files.FILES,
        "files",
        "media",
    ),
    row("", _LISTENS, DIALECT, "transcription", "media"),
    row(
        "", r"(?i)/generations/image|text_to_image|^/v1/images/|/recipes/\w*image", DIALECT, "image_generation", "media"
    ),
    row("", _FILMS, DIALECT, "video_generation", "media"),
    row("", _SPEAKS, DIALECT, "speech", "media"),
    row("", _PICTURES, DIALECT, "image_generation", "media"),
    row("POST", rf"^/(fal-ai|wavespeed)/.*({_LISTENS[4:]})", DIALECT, "transcription", "huggingface"),
    row("POST", rf"^/(fal-ai|wavespeed)/.*({_FILMS[4:]})", DIALECT, "video_generation", "huggingface"),
    row("POST", rf"^/(fal-ai|wavespeed)/.*({_SPEAKS[4:]})", DIALECT, "speech", "huggingface"),
    row("", r"^/(fal-ai|black-forest-labs|wavespeed)/", DIALECT, "image_generation", "huggingface"),
    row("POST", r"/image/generation$", DIALECT, "image_generation"),
    row("", r"/image-to-video(/|$)", DIALECT, "video_generation"),
    row("POST", r"/text-to-audio$", DIALECT, "speech"),
)
