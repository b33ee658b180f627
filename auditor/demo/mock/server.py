# SPDX-License-Identifier: Apache-2.0
"""The mock's routes, apart by host name: OpenAI, Anthropic and Gemini, each with its paths, headers and errors.

Handlers read the request, ask the pure modules beside this one, and write.
"""

import time
from collections.abc import Iterable

import msgspec
from tornado.web import Application

from auditor.demo.mock import anthropic_messages, gemini, openai_chat, openai_responses
from auditor.demo.mock.endpoint import Endpoint, Json, Mock
from auditor.demo.mock.model import identifier, respond
from auditor.demo.mock.openai_files import Refused

OPENAI, ANTHROPIC, GEMINI = "api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com"
HOSTS = (OPENAI, ANTHROPIC, GEMINI)


class OpenAI(Endpoint):
    """Base of OpenAI's endpoints."""

    models = (*openai_chat.SNAPSHOTS, "text-embedding-3-small")

    def set_default_headers(self) -> None:
        """The headers OpenAI's answers carry."""
        super().set_default_headers()
        number = getattr(self, "number", 0)
        self.set_header("x-request-id", identifier("req_", f"openai/{number}", 32))
        self.set_header("openai-organization", "org-halden")
        self.set_header("openai-processing-ms", "48")
        self.set_header("openai-version", "2020-10-01")
        self.set_header("x-ratelimit-limit-requests", "10000")
        self.set_header("x-ratelimit-remaining-requests", str(10000 - number))

    def initialize(self, mock: Mock) -> None:
        """Takes the shared state, and states the headers again with the request's number."""
        super().initialize(mock)
        self.set_default_headers()

    def unauthorised(self) -> Refused:
        """OpenAI's answer to a key it does not know."""
        return Refused(401, "Incorrect API key provided.", code="invalid_api_key")

    def refuse(self, refused: Refused) -> None:
        """OpenAI's error object."""
        error = {"message": refused.message, "type": refused.kind, "param": None, "code": refused.code}
        self.unary({"error": error}, refused.status)

    def check_model(self, request: Json) -> None:
        """Refuses an unknown model as OpenAI does."""
        message = f"The model `{request['model']}` does not exist or you do not have access to it."
        self.known(request["model"], Refused(404, message, code="model_not_found"))


class ChatCompletions(OpenAI):
    """POST /v1/chat/completions."""

    async def handle(self) -> None:
        """One completion, or its chunks."""
        request = self.json()
        self.check_model(request)
        answer = respond(openai_chat.prompt(request))
        made = identifier("chatcmpl-", f"chat/{self.number}", 29), int(time.time())
        if not request.get("stream"):
            return self.unary(openai_chat.completion(request, answer, *made))
        return await self.stream(openai_chat.chunks(request, answer, *made), named=False, end="data: [DONE]\n\n")


class Responses(OpenAI):
    """POST /v1/responses."""

    async def handle(self) -> None:
        """One response, or its events."""
        request = self.json()
        self.check_model(request)
        answer = respond(openai_responses.prompt(request))
        made = identifier("resp_", f"responses/{self.number}", 48), int(time.time())
        if not request.get("stream"):
            return self.unary(openai_responses.response(request, answer, *made))
        return await self.stream(openai_responses.events(request, answer, *made), named=True)


class Embeddings(OpenAI):
    """POST /v1/embeddings."""

    async def handle(self) -> None:
        """The vectors of the texts."""
        request = self.json()
        self.check_model(request)
        self.unary(openai_chat.embeddings(request))


class Files(OpenAI):
    """POST /v1/files (multipart) and GET /v1/files/{id}."""

    async def handle(self) -> None:
        """Keeps the upload."""
        upload = self.request.files["file"][0]
        purpose = self.get_body_argument("purpose")
        self.unary(self.mock.shelf.upload(upload.filename, upload.body, purpose, int(time.time())))

    async def get(self, file_id: str) -> None:
        """One file's object."""
        try:
            self.unary(self.mock.shelf.file(file_id))
        except Refused as refused:
            self.refuse(refused)


class FineTuningJobs(OpenAI):
    """POST /v1/fine_tuning/jobs and GET /v1/fine_tuning/jobs/{id}."""

    async def handle(self) -> None:
        """Starts a job."""
        self.unary(self.mock.shelf.tune(self.json(), int(time.time())))

    async def get(self, job_id: str) -> None:
        """One job's object."""
        try:
            self.unary(self.mock.shelf.job(job_id))
        except Refused as refused:
            self.refuse(refused)


class Messages(Endpoint):
    """POST /v1/messages at Anthropic."""

    models = ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-sonnet-4-5")

    def key(self) -> str:
        """Anthropic's own key header, or a bearer token."""
        return self.request.headers.get("x-api-key") or super().key()

    def unauthorised(self) -> Refused:
        """Anthropic's answer to a key it does not know."""
        return Refused(401, "invalid x-api-key", kind="authentication_error")

    def refuse(self, refused: Refused) -> None:
        """Anthropic's error object."""
        error = {"type": refused.kind, "message": refused.message}
        self.unary({"type": "error", "error": error, "request_id": self.request_id()}, refused.status)

    def request_id(self) -> str:
        """The identifier Anthropic gives a request."""
        return identifier("req_", f"anthropic/{self.number}")

    async def handle(self) -> None:
        """One message, or its events."""
        request = self.json()
        self.set_header("request-id", self.request_id())
        self.set_header("anthropic-organization-id", "8d2c1f6e-halden")
        self.known(request["model"], Refused(404, f"model: {request['model']}", kind="not_found_error"))
        answer = respond(anthropic_messages.prompt(request))
        message_id = identifier("msg_", f"messages/{self.number}")
        if not request.get("stream"):
            return self.unary(anthropic_messages.message(request, answer, message_id))
        return await self.stream(anthropic_messages.events(request, answer, message_id), named=True)


class Generate(Endpoint):
    """POST /v1beta/models/{model}:generateContent and :streamGenerateContent at Gemini."""

    models = ("gemini-3.8-flash", "gemini-3.1-pro-preview")

    def key(self) -> str:
        """The key header, or the `key` parameter of the address."""
        return self.request.headers.get("x-goog-api-key") or self.get_query_argument("key", "")

    def unauthorised(self) -> Refused:
        """Gemini's answer to a key it does not know."""
        return Refused(400, "API key not valid. Please pass a valid API key.", kind="INVALID_ARGUMENT")

    def refuse(self, refused: Refused) -> None:
        """Gemini's error object."""
        error = {"code": refused.status, "message": refused.message, "status": refused.kind}
        self.unary({"error": error}, refused.status)

    async def handle(self) -> None:
        """One response, a stream of events with `alt=sse`, or a JSON array without."""
        model, method = self.path_args
        request = self.json()
        self.known(model, Refused(404, f"models/{model} is not found for API version v1beta.", kind="NOT_FOUND"))
        answer = respond(gemini.prompt(model, request))
        response_id = identifier("", f"gemini/{self.number}", 22)
        if method == "generateContent":
            return self.unary(gemini.response(model, answer, response_id))
        if self.get_query_argument("alt", "") == "sse":
            return await self.stream(gemini.chunks(model, answer, response_id), named=False)
        return await self.array(gemini.chunks(model, answer, response_id))

    async def array(self, chunks: Iterable[Json]) -> None:
        """A stream as one JSON array, element by element."""
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        opening = "["
        for chunk in chunks:
            await self.send(opening + msgspec.json.encode(chunk).decode())
            opening = ",\r\n"
        await self.send("]\n")


def application(mock: Mock) -> Application:
    """The mock's routes, apart by host name as the real providers are."""
    routes = Application(log_function=lambda _: None)
    shared = {"mock": mock}
    openai = [
        (r"/v1/chat/completions", ChatCompletions, shared),
        (r"/v1/responses", Responses, shared),
        (r"/v1/embeddings", Embeddings, shared),
        (r"/v1/files(?:/([\w-]+))?", Files, shared),
        (r"/v1/fine_tuning/jobs(?:/([\w-]+))?", FineTuningJobs, shared),
    ]
    routes.add_handlers(OPENAI.replace(".", r"\."), openai)
    routes.add_handlers(ANTHROPIC.replace(".", r"\."), [(r"/v1/messages", Messages, shared)])
    methods = "generateContent|streamGenerateContent"
    generate = [(rf"/v1(?:beta|alpha)?/models/([\w.-]+):({methods})", Generate, shared)]
    routes.add_handlers(GEMINI.replace(".", r"\."), generate)
    return routes
