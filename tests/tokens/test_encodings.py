"""Counts in OpenAI's encodings, against an independent implementation of them."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.tokens import encodings

with warnings.catch_warnings():
    # It reads its tables through a function that Python has deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    import bpe_openai

ENCODINGS: tuple[encodings.EncodingName, ...] = ("o200k_base", "cl100k_base")
ORACLES = {name: bpe_openai.get_encoding(name) for name in ENCODINGS}

# Characters at which the encodings' patterns decide, beside any others.
DECISIVE = (
    " \n\r\t/'aAbsStT019éßǅ中文、。한の\u0301\u200d\U0001f600\u00a0\u2028\u3000\x1c"
    '.,;:-_=+<>|"{}[]()'
)


@pytest.fixture(autouse=True, scope="module", params=["_tiktoken", "_fast"])
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every rule here holds for the tokenizer of the base install and for the extra one."""
    before = dict(encodings._loaded)
    encodings._loaded.update({name: getattr(encodings, request.param)(name) for name in ENCODINGS})
    yield
    encodings._loaded.clear()
    encodings._loaded.update(before)


def reference(name: str, text: str) -> int:
    return len(ORACLES[name].encode_ordinary(text))


texts = st.text(
    st.one_of(st.sampled_from(DECISIVE), st.characters(blacklist_categories=("Cs",))), max_size=300
)

FIXED = (
    "",
    "a",
    "hello world",
    "<|endoftext|> and <|fim_prefix|><|endofprompt|>",
    "It's we'LL they'd'Ve 'S",
    "  indented\n\tcode  \r\n\r\n   \n x",
    "// path/to/file\n/etc/passwd\n/\n",
    "\x00\x01\x7f\ufeff",
    "漢字かな交じり文、한국어 Текст العربية",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "0123456789" * 50,
    "=" * 5000,
    "a" * 5000,
    " " * 5000,
    "\n" * 5000,
    " \n" * 5000,
)


@pytest.mark.parametrize(
    ("name", "sha256"),
    [
        ("o200k_base", "237883613c799b57337f9bda254d004913ab133c879f4cd55cc4d5b66992a450"),
        ("cl100k_base", "f93a1dc1bc9057b7fde539f594216737bfd8ff0afc93326c685a5ce9cec68d29"),
    ],
)
def test_the_shipped_rank_tables_are_the_packed_ones(name: str, sha256: str) -> None:
    data = (files("tokenpak") / "data" / f"{name}.ranks").read_bytes()
    assert hashlib.sha256(data).hexdigest() == sha256


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("text", FIXED, ids=range(len(FIXED)))
def test_counts_as_the_reference_does(name: encodings.EncodingName, text: str) -> None:
    assert encodings.count(text, name) == reference(name, text)


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=texts)
def test_counts_any_text_as_the_reference_does(name: encodings.EncodingName, text: str) -> None:
    assert encodings.count(text, name) == reference(name, text)


@given(text=texts, size=st.integers(1, 60))
def test_pieces_make_up_the_text_and_keep_to_their_size(text: str, size: int) -> None:
    pieces = list(encodings.pieces(text, size))
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= size for piece in pieces) or not text


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=texts, start=st.integers(0, 100), size=st.integers(1, 200))
def test_no_token_spans_a_safe_cut(
    name: encodings.EncodingName, text: str, start: int, size: int
) -> None:
    cut = encodings.safe_cut(text, start, min(len(text), start + size)) or 0
    whole = reference(name, text)
    assert reference(name, text[:cut]) + reference(name, text[cut:]) == whole


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("=\n/x", 2),  # punctuation takes the slash after the line end with it
        ("a  b", 2),
        ("\n  b", 2),
        ("\n\nb", 1),
        ("it's", 2),
        ("a\u0301", 1),
        ("ab", 1),
        ("12", 1),
        ("中文", 1),
        ("=a", 1),
        ("a\u00a0b", 1),
    ],
)
def test_nothing_is_cut_where_a_token_may_span(text: str, place: int) -> None:
    assert encodings.safe_cut(text, 0, place) != place


@pytest.mark.parametrize("name", ENCODINGS)
def test_long_texts_with_places_to_cut_are_exact(name: encodings.EncodingName) -> None:
    words = random.Random(7).choices(
        [
            "def f(x):\n",
            "    return x1\n",
            "Wörter ",
            "中文、",
            "https://a.b/c?d=1&e ",
            "\n\n",
            "9" * 20,
        ],
        k=40_000,
    )
    text = "".join(words)
    assert len(text) > 5 * encodings.PIECE_CHARS
    assert encodings.count(text, name) == reference(name, text)


@pytest.mark.parametrize("run", ["a", " ", "\n", "=", "é", "中", "\u0301", "\U0001f600"])
def test_an_unbroken_run_is_off_by_at_most_two_tokens_a_cut(run: str) -> None:
    text = run * 150_000
    cuts = len(list(encodings.pieces(text))) - 1
    assert abs(encodings.count(text) - reference("o200k_base", text)) <= 2 * cuts


def test_a_million_spaces_are_counted() -> None:
    assert encodings.count(" " * 1_000_000) > 0


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00", "\ude00\ud83d" * 50])
def test_lone_surrogates_are_counted_as_replacement_characters(text: str) -> None:
    readable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert encodings.count(text) == reference("o200k_base", readable)


def test_counting_from_many_threads_loads_once_and_agrees() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(encodings.count("some words " * 100)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [reference("o200k_base", "some words " * 100)] * 8


def test_counting_needs_no_network_module() -> None:
    program = (
        "import sys; sys.modules['requests'] = None; sys.modules['socket'] = None\n"
        "from tokenpak.tokens import count; print(count('hello world'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("2\n", 0), done.stderr
