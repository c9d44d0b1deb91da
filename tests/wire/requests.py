"""Random requests of each wire format in random JSON spelling, with the spans to be found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

FORMATS = ("anthropic", "openai_chat", "openai_responses", "gemini", "ollama")


class Text(str):
    """A string of a document that its adapter must offer for rewriting."""


@dataclass(frozen=True)
class Number:
    """A number in a spelling that must survive."""

    spelling: str


@dataclass
class Spelling:
    """Spells a document with random whitespace and escapes, noting where each Text stands."""

    random: Random
    compact: bool

    def __post_init__(self) -> None:
        self.out = bytearray()
        self.spans: list[tuple[int, int]] = []

    def spell(self, value: Any) -> None:
        if isinstance(value, dict):
            self._sequence("{", "}", [(key, each) for key, each in value.items()])
        elif isinstance(value, list):
            self._sequence("[", "]", [(None, each) for each in value])
        elif isinstance(value, str):
            start = len(self.out)
            self._string(value)
            if isinstance(value, Text):
                self.spans.append((start, len(self.out)))
        elif isinstance(value, Number):
            self.out += value.spelling.encode()
        else:
            self.out += json.dumps(value).encode()

    def _sequence(self, opening: str, closing: str, pairs: list[tuple[str | None, Any]]) -> None:
        self.out += opening.encode()
        for index, (key, value) in enumerate(pairs):
            self.out += b"," if index else b""
            self._space()
            if key is not None:
                self._string(key)
                self._space()
                self.out += b":"
                self._space()
            self.spell(value)
            self._space()
        self.out += closing.encode()

    def _space(self) -> None:
        self.out += (
            b"" if self.compact else self.random.choice((b"", b"", b" ", b"\n\t", b" \r\n "))
        )

    def _string(self, text: str) -> None:
        self.out += b'"' + b"".join(map(self._character, text)) + b'"'

    def _character(self, char: str) -> bytes:
        escapes = not self.compact and self.random.random() < 0.2
        if escapes and ord(char) < 0x10000:
            spelled = f"{ord(char):04x}"
            return b"\\u" + self.random.choice((spelled, spelled.upper())).encode()
        if escapes and char == "/":
            return b"\\/"
        return json.dumps(char, ensure_ascii=False)[1:-1].encode("utf-8", "backslashreplace")


TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from('a"\\/\n\té日😀\ud800\udc00,:{}[] '), max_size=12),
)
_EXTRA = st.one_of(
    st.sampled_from(["12345678901234567890", "1E5", "-0", "1.00", "1e-7"]).map(Number),
    st.none(),
    st.booleans(),
    TEXTS,
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)


@st.composite
def requests(draw: st.DrawFn, name: str) -> tuple[bytes, list[tuple[int, int]]]:
    """A body of the format *name* and the sorted spans of its rewritable texts."""
    document = draw(_DOCUMENTS[name])
    extra = draw(st.dictionaries(st.sampled_from(["x", "metadata", "ünknown"]), _EXTRA, max_size=2))
    pairs = draw(st.permutations([*document.items(), *extra.items()]))
    spelling = Spelling(draw(st.randoms(use_true_random=False)), draw(st.booleans()))
    spelling.spell(dict(pairs))
    return bytes(spelling.out), sorted(spelling.spans)


def _record(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    strategies = {
        key.rstrip("_"): each if isinstance(each, st.SearchStrategy) else st.just(each)
        for key, each in fields.items()
    }
    return st.fixed_dictionaries(strategies, optional={"extra": _EXTRA})


def _some(*kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.one_of(*kinds), max_size=4)


_TEXT = TEXTS.map(Text)
_ID = st.sampled_from(["a", "b"])

_text_block = _record(type="text", text=_TEXT)
_image = _record(type="image", source=_record(data=TEXTS))
_anthropic_block = st.one_of(
    _text_block,
    _image,
    _record(type="tool_use", id=_ID, name=TEXTS, input=_record(command=TEXTS)),
    _record(type="tool_result", tool_use_id=_ID, content=_TEXT),
    _record(type="tool_result", tool_use_id=_ID, content=_some(_text_block, _image)),
    _record(type="thinking", thinking=TEXTS, signature=TEXTS),
    _record(type=st.sampled_from(["document", "new"]), text=TEXTS),
)
_anthropic = _record(
    model="claude",
    system=st.one_of(_TEXT, _some(_text_block)),
    messages=_some(
        _record(
            role=st.sampled_from(["user", "assistant", "system"]),
            content=st.one_of(_TEXT, st.lists(_anthropic_block, max_size=4)),
        )
    ),
)

_function = _record(name=_ID, arguments=TEXTS)
_chat = _record(
    messages=_some(
        _record(
            role=st.sampled_from(["system", "developer", "user", "assistant", "tool"]),
            tool_call_id=_ID,
            content=st.one_of(
                st.none(), _TEXT, _some(_text_block, _record(type="image_url", image_url=TEXTS))
            ),
            tool_calls=_some(_record(id=_ID, type="function", function=_function)),
        )
    ),
)

_input_text = _record(type=st.sampled_from(["input_text", "output_text"]), text=_TEXT)
_output = st.sampled_from(["function_call_output", "custom_tool_call_output"])
_responses = _record(
    instructions=_TEXT,
    input=st.one_of(
        _TEXT,
        _some(
            _record(type="message", role="user", content=st.one_of(_TEXT, _some(_input_text))),
            _record(role="assistant", content=_TEXT),
            _record(type="function_call", call_id=_ID, name=_ID, arguments=TEXTS),
            _record(type=_output, call_id=_ID, output=st.one_of(_TEXT, _some(_input_text))),
            _record(type="reasoning", encrypted_content=TEXTS),
            _record(type="item_reference", id=_ID),
        ),
    ),
)

_gemini_text = _record(text=_TEXT)
_gemini_part = st.one_of(
    _gemini_text,
    _record(text=TEXTS, thought=True),
    _record(inlineData=_record(data=TEXTS)),
    _record(functionCall=_record(name=_ID, args=_record(x=TEXTS))),
    _record(functionResponse=_record(name=_ID, response=_record(output=_TEXT, error=_TEXT))),
    _record(function_response=_record(name=_ID, response=_record(other=TEXTS))),
)
_gemini = _record(
    system_instruction=_record(parts=_some(_gemini_text)),
    contents=_some(
        _record(role=st.sampled_from(["user", "model"]), parts=st.lists(_gemini_part, max_size=4))
    ),
)

_ollama = st.one_of(
    _record(system=_TEXT, prompt=_TEXT, images=st.lists(TEXTS, max_size=2)),
    _record(
        messages=_some(
            _record(
                role=st.sampled_from(["system", "user", "assistant", "tool"]),
                content=_TEXT,
                thinking=TEXTS,
                tool_calls=_some(_record(function=_record(name=_ID, arguments=_record(x=TEXTS)))),
            )
        ),
    ),
)

_DOCUMENTS = {
    "anthropic": _anthropic,
    "openai_chat": _chat,
    "openai_responses": _responses,
    "gemini": _gemini,
    "ollama": _ollama,
}
