"""Reports of tests: what failing ones printed, and the cause of a failure once."""

from __future__ import annotations

import re

import msgspec

# What failing Go tests print, also where no event says that they failed.
_DIRE = re.compile(r"panic|fatal|DATA RACE|--- FAIL|error", re.IGNORECASE)
_PROGRESS = re.compile(r"=== (?:RUN|PAUSE|CONT)")
_CAUSE = 30
"""Characters by which a cause is known again; the short summary cuts it at the terminal's edge."""
_CAUSED = re.compile(r"^((?:FAILED|ERROR) \S+(?:\[.*?\])?|\S+:\d+)(?: - |: )(.{30,})$")
_TEST_ID = re.compile(r"^(?:FAILED|ERROR) ([^\s:]+)::")
# A place whose folder is that of the run: the summary names the same file without it.
_PLACE = re.compile(
    r"^(/(?:[^\s/:]+/){1,12}?)((?:tests?|testing|src|[\w-]+_tests?)/[^\s:]+)(?=:\d)"
)


class _Event(msgspec.Struct, rename="pascal"):
    """A line of `go test -json`."""

    action: str
    package: str = ""
    test: str = ""
    output: str = ""


def go_test(lines: list[str]) -> list[str]:
    """The text of `go test -json`: all that failing tests and packages printed, and sums."""
    events = [_event(line) for line in lines]
    told = [each for each in events if each is not None]
    failed = {
        (each.package, each.test)
        for each in told
        if each.action == "fail" or (each.test and _DIRE.search(each.output))
    }
    out: list[str] = []
    begun: list[str] = []
    """What was printed of a line whose end is still to come."""
    for line, event in zip(lines, events, strict=True):
        if event is None:
            out.append(line)
        elif not event.test or (event.package, event.test) in failed:
            begun.append(event.output)
            if "\n" in event.output:
                *whole, rest = "".join(begun).split("\n")
                out += [each for each in whole if not _PROGRESS.match(each)]
                begun = [rest]
    if rest := "".join(begun):
        out.append(rest)
    passed = sum(1 for each in told if each.action == "pass" and each.test)
    return [*out, f"[{passed} tests passed]"] if passed else out


def _event(line: str) -> _Event | None:
    if not line.startswith('{"'):
        return None
    try:
        return msgspec.json.decode(line, type=_Event)
    except ValueError:
        return None


def pytest_report(lines: list[str]) -> list[str]:
    """A report in which the cause of a failure is told once, beside its place.

    A place in a file that the summary names has the path of the summary.
    """
    told = [line[1:].strip() for line in lines if line.startswith("E ")]
    causes = {each[:_CAUSE] for each in told if len(each) >= _CAUSE}
    files = {match[1] for line in lines if (match := _TEST_ID.match(line))}
    out = []
    for line in lines:
        match = _CAUSED.match(line)
        if match and match[2][:_CAUSE].removesuffix("...") and match[2][:_CAUSE] in causes:
            line = match[1]
        place = _PLACE.match(line)
        if place and place[2] in files:
            line = line[place.start(2) :]
        out.append(line)
    return out
