"""Streams cut into events, whatever the borders of chunks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.wire.sse import EventSplitter, LineSplitter

STREAM = (
    b'\xef\xbb\xbfevent: start\r\ndata: {"a":1}\r\n\r\n'
    b": comment\n\ndata:one\r\ndata: two\r\nid: 7\n\n"
    b"data\rdata:  three\r\r"
    b"database: no\n\n"
    b'data: {"text":"\xc3\xa9 \\n"}\n\n'
    b"data: [DONE]\n\n"
    b"data: unfinished\n"
)
EVENTS = [
    b'{"a":1}',
    b"one\ntwo",
    b"\n three",
    b'{"text":"\xc3\xa9 \\n"}',
    b"[DONE]",
]


def events(splitter: EventSplitter | LineSplitter, *chunks: bytes) -> list[bytes]:
    return [event for chunk in chunks for event in splitter.feed(chunk)]


@pytest.mark.parametrize("at", range(len(STREAM) + 1))
def test_a_chunk_border_at_any_byte_changes_nothing(at: int) -> None:
    assert events(EventSplitter(), STREAM[:at], STREAM[at:]) == EVENTS


def test_single_bytes_give_the_same_events() -> None:
    assert events(EventSplitter(), *(bytes([byte]) for byte in STREAM)) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12).map(sorted))
def test_any_cutting_gives_the_same_events(cuts: list[int]) -> None:
    borders = [0, *cuts, len(STREAM)]
    chunks = [STREAM[a:b] for a, b in zip(borders, borders[1:], strict=False)]
    assert events(EventSplitter(), *chunks) == EVENTS


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_event_that_is_too_long_is_skipped_and_the_next_is_read(size: int) -> None:
    stream = b"data: " + b"x" * 200 + b"\n\ndata: ok\n\n"
    chunks = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert events(EventSplitter(max_bytes=100), *chunks) == [b"ok"]


def test_many_lines_that_are_too_long_together_are_skipped() -> None:
    stream = b"data: xxxxxxxxx\n" * 20 + b"\ndata: ok\n\n"
    assert events(EventSplitter(max_bytes=100), stream) == [b"ok"]


def test_json_lines_are_split_and_empty_and_too_long_ones_dropped() -> None:
    stream = b'{"a":1}\n\r\n{"b":' + b"1" * 100 + b'}\n{"c":2}\nrest'
    assert events(LineSplitter(max_bytes=50), *(bytes([byte]) for byte in stream)) == [
        b'{"a":1}',
        b'{"c":2}',
    ]
