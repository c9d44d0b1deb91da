from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from tokenpak import _log


class Stuck(io.StringIO):
    """A stream that nobody reads: it takes nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.reached = threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        assert self.let_go.wait(20)
        return super().write(text)


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_lines_are_written_with_their_level_and_place() -> None:
    stream = io.StringIO()
    flush = _log.start("info", stream)
    logging.getLogger("tokenpak.x").warning("%s went %s", "it", "wrong")
    logging.getLogger("tokenpak.x").debug("unasked")
    flush()
    assert stream.getvalue() == "WARNING tokenpak.x: it went wrong\n"


def test_a_traceback_goes_with_its_line() -> None:
    stream = io.StringIO()
    flush = _log.start("info", stream)
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("tokenpak.x").exception("failed")
    flush()
    assert "ERROR tokenpak.x: failed\nTraceback" in stream.getvalue()
    assert "ValueError: odd" in stream.getvalue()


def test_a_log_that_nobody_reads_stalls_nothing_and_tells_what_was_lost() -> None:
    stream = Stuck()
    flush = _log.start("info", stream)
    logger = logging.getLogger("tokenpak.x")
    logger.info("first")
    assert stream.reached.wait(20)
    # The first is being written, so many wait, and three are too many.
    for number in range(_log.MAX_WAITING + 3):
        logger.info("line %d", number)
    stream.let_go.set()
    flush()
    logger.info("last")
    flush()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1 + _log.MAX_WAITING + 2
    assert lines[-2:] == [
        "WARNING tokenpak.log: 3 lines of the log were lost: nobody read it",
        "INFO tokenpak.x: last",
    ]
