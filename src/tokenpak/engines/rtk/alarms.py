"""Which lines speak of a problem or sum up a run: those that no filter can take away."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

# Looked for as plain text in lower case, which is fast; a line that holds one is then read closely.
_WORDS = (
    "error",
    "err!",
    "warn",
    "fail",
    "fatal",
    "panic",
    "exception",
    "traceback",
    "critical",
    "severe",
    "denied",
    "refused",
    "undefined",
    "cannot",
    "can't",
    "unable",
    "not found",
    "no such",
    "not exist",
    "invalid",
    "missing",
    "timed out",
    "timeout",
    "abort",
    "killed",
    "conflict",
    "crash",
    "unhealthy",
    "oom",
    "reject",
    "unresolved",
    "unexpected",
    "segfault",
    "segmentation",
    "core dumped",
    "deadlock",
    "corrupt",
    "backoff",
    "evicted",
    "unreachable",
    "vulnerab",
    "deprecat",
    "broken",
    "incompatible",
    "mismatch",
    "not installed",
    "no module",
    "not recognized",
    "unknown",
    "illegal",
    "unauthorized",
    "forbidden",
    "data race",
    "✗",
    "✘",
    "✖",
    "×",
    "●",
    "❌",
    "⚠",
)
_STATUS = re.compile(
    r"(?:\bstatus\b|\bcode\b|HTTP/\d(?:\.\d)?\"?|\" )[\s:=]{0,3}[45]\d\d\b", re.IGNORECASE
)
_STATUS_ANCHORS = ("status", "code", "http/", '" 4', '" 5')
# What holds such a word and says nothing of the kind.
_QUIET = re.compile(
    r"\b(?:0|no|zero|without) (?:\w+ )?(?:error|warning|failure|failed|failing|problem|issue|"
    r"vulnerabilit|conflict)\w*"
    r"|\b(?:error|warning|failure|failed|fail|conflict)s?(?: count)?\s?[:=]\s?0\b(?!\.)"
    r"|(?<![\w-])--?[\w-]{0,40}(?:error|warn|fail|abort|unknown|undefined|invalid|missing)[\w=-]*"
    r"|^\s*(?:Compiling|Checking|Downloaded|Downloading|Adding|Installing|Unpacking|Setting up|"
    r"Get:\d+|Collecting|Fetching|Locking|Updating) \S.*"
    r"|^\s*(?:✓|✔|√|PASS\b|ok \d+ |--- PASS|=== (?:RUN|PAUSE|CONT|NAME)\b|\(pass\)"
    r"|Running \S+ \.\.\. ok).*"
    r"|^.*(?:\.\.\. ok|\sPASSED(?:\s+\[\s*\d+%\])?|\[\s*OK\s*\])\s*$"
    r"|(?<![\w.-])[\w.-]{0,40}(?:failure|error|fail|timeout)[\w.-]{0,40}/[\w./-]{0,80}=\S*"
    r"|^\[INFO\] -+<? .* >?-+$"
    r"|^\s+= (?:help: (?:to override|for further information)|note: `#\[(?:warn|deny)).*",
    re.IGNORECASE,
)
_MAX_QUIET_CHARS = 1000
"""Characters of a line that is looked at closely; a longer one with such a word is kept."""
# What _QUIET needs to be found at all; no more than a first look, so that most lines are read once.
_QUIET_ANCHORS = re.compile(r"0\b|no |zero |without |-\w|ing \S|ok\s*(?:$|\])|passed|/[^=]{0,80}=")
_QUIET_STARTS = re.compile(r"\s*(?:get:|setting|✓|✔|√|pass|ok|---|===|\(|\[info|= (?:help|note))")
_SUMMARY = re.compile(
    r"\b\d+ (?:\w+ ){0,2}(?:passed|failed|failing|passing|skipped|pending|ignored|errors?|"
    r"warnings?|"
    r"failures?|problems?|offenses?|issues?|tests?|assertions?|files? changed|insertions?|"
    r"deletions?|vulnerabilit\w+|to add|to change|to destroy|examples?|targets?|specs?)\b"
    r"|^\s*(?:Tests?(?: Suites| Files| run)?|Test result|Summary|Totals?|Result|Plan)\s*:"
    r"|\bBUILD (?:SUCCESS|FAILED)|^(?:FAIL|FAILED|ERROR|ok|PASS)(?:[\s:]|$)"
    r"|\bexit(?:ed)?(?: with)?(?: exit)? (?:code|status)|^Found \d+|^Process exited|^Finished in ",
    re.IGNORECASE,
)
_SUMMARY_ANCHORS = (
    "passed",
    "failing",
    "passing",
    "skipped",
    "pending",
    "ignored",
    "problem",
    "offense",
    "issue",
    "tests",
    "test ",
    "test:",
    "assertion",
    "changed",
    "insertion",
    "deletion",
    "to add",
    "example",
    "target",
    "spec",
    "result",
    "summary",
    "total",
    "plan",
    "build ",
    "exit",
    "found",
    "finished in",
    "ok\t",
    "ok ",
    "pass",
)


def alarms(text: str, lines: list[str]) -> bytearray:
    """For each of *lines*, those of *text*, whether it must survive: 1 for a problem, 2 for a sum.

    Takes time in proportion to the text, however many lines speak of problems.
    """
    flags = bytearray(len(lines))
    lowered = text.lower()
    lows = lowered.split("\n")
    if len(lowered) != len(text) or len(lows) != len(lines):
        lows = [line.lower() for line in lines]
        lowered = "\n".join(lows)
    starts = _starts(lows)
    for words, judge, flag in (
        (_SUMMARY_ANCHORS, _sums_up, 2),
        (_STATUS_ANCHORS, _has_bad_status, 1),
        (_WORDS, _speaks, 1),
    ):
        for number in _holding(lowered, starts, words):
            if flags[number] != 1 and judge(lines[number][:4000], lows[number][:4000]):
                flags[number] = flag
    for number, flag in enumerate(flags):
        if flag and _is_quoted(lines, number):
            flags[number] = 0
    return flags


# Source that a message points to, and frames of a stack: they name, they do not tell.
_QUOTED = re.compile(r"^\s*\d* *[|│](?!\s*(?:Error|Warning)\b)|^\s+at \S+ ?\(|^\s+at [\w.$<>/]+\(")
_CARET = re.compile(r"^[\s|]*[\^~][\^~\s]*$")


def _is_quoted(lines: list[str], number: int) -> bool:
    line = lines[number][:200]
    if _QUOTED.match(line):
        return True
    below = lines[number + 1][:2000] if number + 1 < len(lines) else ""
    return _CARET.match(below) is not None and not _LOCATED.match(line)


_LOCATED = re.compile(r"^\S+:\d+|^E |^>|\S+\(\d+,\d+\)|^(?:error|warning)")


def speaks_of_failure(text: str) -> bool:
    """Whether any line of *text* speaks of a problem; then no short form may stand for it."""
    return 1 in alarms(text, text.split("\n"))


def _starts(lines: list[str]) -> list[int]:
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found


def _holding(lowered: str, starts: list[int], words: tuple[str, ...]) -> Iterator[int]:
    """The numbers of the lines that hold one of *words*, each once a word."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            yield number
            following = starts[number + 1] if number + 1 < len(starts) else len(lowered)
            at = lowered.find(word, following)


def _speaks(line: str, low: str) -> bool:
    if len(low) > _MAX_QUIET_CHARS:
        return True
    if not _QUIET_ANCHORS.search(low) and not _QUIET_STARTS.match(low):
        return True
    rest = _QUIET.sub(" ", line).lower()
    return any(word in rest for word in _WORDS)


def _has_bad_status(line: str, low: str) -> bool:
    return _STATUS.search(line) is not None


def _sums_up(line: str, low: str) -> bool:
    return _SUMMARY.search(line) is not None
