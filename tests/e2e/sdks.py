"""Calls of the providers' own Python packages, as a table: who answers is given by the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

import anthropic
import ollama
import openai
from google import genai
from google.genai import types

from tests.e2e.answers import Turn

QUESTION = "What is the answer?"
SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
READ = {"name": "read", "description": "Reads a file"}
TEXT = (Turn(),)
TOOL = (Turn(tool="read", arguments={"path": "src/größe.py"}), Turn())
OUTPUT = "1\timport answers\n2\tprint(answers.best())\n"


class Session:
    """The SDKs' clients for one address; keeps the header fields of every answer they get."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.headers: list[Mapping[str, str]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def anthropic(self) -> anthropic.Anthropic:
        client = anthropic.DefaultHttpxClient(event_hooks={"response": [self._keep]})
        self._open.callback(client.close)
        return anthropic.Anthropic(
            base_url=self.base, api_key="sk-ant-e2e", max_retries=0, http_client=client
        )

    def openai(self) -> openai.OpenAI:
        client = openai.DefaultHttpxClient(event_hooks={"response": [self._keep]})
        self._open.callback(client.close)
        return openai.OpenAI(
            base_url=f"{self.base}/v1", api_key="sk-e2e", max_retries=0, http_client=client
        )

    def google(self) -> genai.Client:
        hooks = {"event_hooks": {"response": [self._keep]}}
        options = types.HttpOptions(base_url=self.base, client_args=hooks)
        client = genai.Client(api_key="AIza-e2e", http_options=options)
        self._open.callback(client.close)
        return client

    def ollama(self) -> ollama.Client:
        client = ollama.Client(self.base, event_hooks={"response": [self._keep]})
        self._open.callback(client.close)
        return client

    def _keep(self, response: Any) -> None:
        self.headers.append(response.headers)


def messages_create(s: Session) -> list[Any]:
    return [s.anthropic().messages.create(**_messages(QUESTION)).to_dict()]


def messages_stream(s: Session) -> list[Any]:
    with s.anthropic().messages.stream(**_messages(QUESTION)) as stream:
        return ["".join(stream.text_stream), stream.get_final_message().to_dict()]


def messages_tool(s: Session) -> list[Any]:
    tools = [{**READ, "input_schema": SCHEMA}]
    client = s.anthropic()
    asked = client.messages.create(**_messages(QUESTION), tools=tools).to_dict()
    (call,) = asked["content"]
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": OUTPUT}
    request = _messages(QUESTION)
    request["messages"] += [
        {"role": "assistant", "content": asked["content"]},
        {"role": "user", "content": [result]},
    ]
    with client.messages.stream(**request, tools=tools) as stream:
        return [asked, stream.get_final_message().to_dict()]


def messages_count(s: Session) -> list[Any]:
    request = _messages(QUESTION)
    del request["max_tokens"]
    return [s.anthropic().messages.count_tokens(**request).to_dict()]


def anthropic_models(s: Session) -> list[Any]:
    return [each.to_dict() for each in s.anthropic().models.list()]


def _messages(question: str) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}]
    return {"model": "claude-e2e", "max_tokens": 512, "messages": messages}


def chat_create(s: Session) -> list[Any]:
    return [s.openai().chat.completions.create(**_chat()).to_dict()]


def chat_stream(s: Session) -> list[Any]:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    return [each.to_dict() for each in s.openai().chat.completions.create(**_chat(), **options)]


def chat_tool(s: Session) -> list[Any]:
    request = _chat() | {"tools": [{"type": "function", "function": READ | {"parameters": SCHEMA}}]}
    client = s.openai()
    asked = client.chat.completions.create(**request).to_dict()
    message = asked["choices"][0]["message"]
    (call,) = message["tool_calls"]
    result = {"role": "tool", "tool_call_id": call["id"], "content": OUTPUT}
    request["messages"] = [*request["messages"], message, result]
    return [asked, client.chat.completions.create(**request).to_dict()]


def _chat() -> dict[str, Any]:
    return {"model": "gpt-5", "messages": [{"role": "user", "content": QUESTION}]}


def responses_create(s: Session) -> list[Any]:
    return [s.openai().responses.create(model="gpt-5", input=QUESTION).to_dict()]


def responses_stream(s: Session) -> list[Any]:
    stream = s.openai().responses.create(model="gpt-5", input=QUESTION, stream=True)
    return [each.to_dict() for each in stream]


def responses_tool(s: Session) -> list[Any]:
    tools = [{"type": "function", "parameters": SCHEMA, "strict": False, **READ}]
    history: list[Any] = [{"role": "user", "content": QUESTION}]
    client = s.openai()
    asked = client.responses.create(model="gpt-5", input=history, tools=tools).to_dict()
    (call,) = asked["output"]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": OUTPUT}
    history += [call, result]
    return [asked, client.responses.create(model="gpt-5", input=history, tools=tools).to_dict()]


def embeddings(s: Session) -> list[Any]:
    return [s.openai().embeddings.create(model="text-embedding-3-small", input=OUTPUT).to_dict()]


def openai_models(s: Session) -> list[Any]:
    return [each.to_dict() for each in s.openai().models.list()]


def gemini_generate(s: Session) -> list[Any]:
    answer = s.google().models.generate_content(model="gemini-2.5-pro", contents=QUESTION)
    return [_gemini(answer)]


def gemini_stream(s: Session) -> list[Any]:
    client = s.google()
    stream = client.models.generate_content_stream(model="gemini-2.5-pro", contents=QUESTION)
    return [_gemini(each) for each in stream]


def gemini_tool(s: Session) -> list[Any]:
    declaration = READ | {"parameters_json_schema": SCHEMA}
    ask = {
        "model": "gemini-2.5-pro",
        "config": {"tools": [{"function_declarations": [declaration]}]},
    }
    history = [types.Content(role="user", parts=[types.Part(text=QUESTION)])]
    client = s.google()
    asked = client.models.generate_content(**ask, contents=history)
    (call,) = asked.function_calls
    result = types.Part.from_function_response(name=call.name, response={"output": OUTPUT})
    history += [asked.candidates[0].content, types.Content(role="user", parts=[result])]
    return [_gemini(asked), _gemini(client.models.generate_content(**ask, contents=history))]


def gemini_count(s: Session) -> list[Any]:
    answer = s.google().models.count_tokens(model="gemini-2.5-pro", contents=QUESTION)
    return [answer.model_dump(mode="json", exclude={"sdk_http_response"})]


def _gemini(answer: types.GenerateContentResponse) -> Any:
    return answer.model_dump(mode="json", exclude={"sdk_http_response"}, exclude_none=True)


def ollama_chat(s: Session) -> list[Any]:
    return [s.ollama().chat(**_ollama()).model_dump()]


def ollama_stream(s: Session) -> list[Any]:
    return [each.model_dump() for each in s.ollama().chat(**_ollama(), stream=True)]


def ollama_tool(s: Session) -> list[Any]:
    tools = [{"type": "function", "function": READ | {"parameters": SCHEMA}}]
    request = _ollama()
    client = s.ollama()
    asked = client.chat(**request, tools=tools).model_dump()
    result = {"role": "tool", "tool_name": "read", "content": OUTPUT}
    history = [*request["messages"], asked["message"], result]
    return [asked, client.chat(model="llama3", messages=history, tools=tools).model_dump()]


def ollama_generate(s: Session) -> list[Any]:
    return [s.ollama().generate(model="llama3", prompt=QUESTION).model_dump()]


def ollama_generate_stream(s: Session) -> list[Any]:
    stream = s.ollama().generate(model="llama3", prompt=QUESTION, stream=True)
    return [each.model_dump() for each in stream]


def _ollama() -> dict[str, Any]:
    return {"model": "llama3", "messages": [{"role": "user", "content": QUESTION}]}


@dataclass(frozen=True)
class Call:
    """One way of asking with an SDK."""

    ask: Callable[[Session], list[Any]]
    provider: str
    wire: str | None
    """The wire format in which telemetry shall have recorded it; None if it is no conversation."""
    turns: Sequence[Turn] = TEXT

    def __str__(self) -> str:
        return self.ask.__name__


CALLS = (
    Call(messages_create, "anthropic", "anthropic"),
    Call(messages_stream, "anthropic", "anthropic"),
    Call(messages_tool, "anthropic", "anthropic", TOOL),
    Call(messages_count, "anthropic", None),
    Call(anthropic_models, "anthropic", None),
    Call(chat_create, "openai", "openai_chat"),
    Call(chat_stream, "openai", "openai_chat"),
    Call(chat_tool, "openai", "openai_chat", TOOL),
    Call(responses_create, "openai", "openai_responses"),
    Call(responses_stream, "openai", "openai_responses"),
    Call(responses_tool, "openai", "openai_responses", TOOL),
    Call(embeddings, "openai", None),
    Call(openai_models, "openai", None),
    Call(gemini_generate, "google", "gemini"),
    Call(gemini_stream, "google", "gemini"),
    Call(gemini_tool, "google", "gemini", TOOL),
    Call(gemini_count, "google", None),
    Call(ollama_chat, "ollama", "ollama"),
    Call(ollama_stream, "ollama", "ollama"),
    Call(ollama_tool, "ollama", "ollama", TOOL),
    Call(ollama_generate, "ollama", "ollama"),
    Call(ollama_generate_stream, "ollama", "ollama"),
)


def ask(call: Call, base: str) -> str:
    """The answers to *call* at *base*, as text that can be compared and read."""
    with Session(base) as session:
        return plain(call.ask(session))


def plain(answers: list[Any]) -> str:
    """*answers* as text."""
    return json.dumps(answers, indent=1, sort_keys=True, default=str)
