"""Cuts: lines of a huge result that go to a file, with a marker that says which and where.

Only what can be fetched back is cut, and only from output that is printed to be skimmed: searches,
listings, builds, logs. What stays is the head, the tail, every line that speaks of a problem, and
the lines that share most words with the conversation so far; of a log also the lines that are like
no other, and of a search the name of every file in which something was found, as those are what
agents open next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tokenpak.compression import markers
from tokenpak.compression.kinds import Kind
from tokenpak.forms.search import BETWEEN, HIT

LIMITS: dict[str, dict[Kind, int]] = {
    "pack": {
        "search": 1200,
        "listing": 1600,
        "build": 600,
        "log": 800,
        "poll": 800,
        "help": 1600,
        "web": 3200,
        "forge": 800,
    },
    "aggressive": {
        "search": 1000,
        "listing": 1200,
        "build": 400,
        "log": 3600,
        "poll": 300,
        "help": 1200,
        "web": 600,
        "forge": 1200,
        "diff": 2000,
        "view": 3000,
        "shell": 800,
    },
    "ultra": {
        "search": 800,
        "listing": 800,
        "build": 400,
        "log": 800,
        "poll": 200,
        "help": 800,
        "web": 400,
        "forge": 800,
        "diff": 1600,
        "view": 800,
        "shell": 400,
    },
}
"""Tokens of a result that stay in sight, by pipeline and kind, chosen on recorded conversations.

What is not named is never cut: file reads by a tool, edits and agents' reports in any pipeline.
"""

_HEAD, _TAIL = 0.15, 0.25
_SLACK = 1.25
"""How far beyond its limit a result must be to be cut: a hole for a few lines is not worth it."""
_WITH_ROUTINE = frozenset({"build", "poll"})
_PASSED = re.compile(
    r"^\s*(?:✓|✔|√|PASS\b|--- PASS|=== (?:RUN|PAUSE|CONT)\b|\(pass\)|Compiling \S+ v"
    r"|ok +\t\S+\t(?:\(cached\)|[\d.]+s)|\? +\t\S+\t\[no test files\]"
    r"|Download(?:ing|ed) )"
    r"|\.\.\. ok$| PASSED(?:\s+\[\s*\d+%\])?$"
)
_NUMBER = re.compile(r"\d+")
_MIN_SHAPE = 12
"""Characters of a line whose shape is compared; short lines are cheap, or are figures."""
_MIN_GAP = 4
"""Lines that a gap must hold: a marker in place of fewer tells less than it costs."""
_ALARMS = (
    "error warn fail fatal panic exception traceback denied refused undefined invalid unable cannot"
    " missing timeout timedout abort killed conflict ✗ ✘ ✖ × ●"
).split() + ["not found", "time out", "timed out"]
_ALARM_START = re.compile(r"\s*[-+~!]\s|[Ee]\s")
_CONTEXT = re.compile(r"^[^\s:]+-\d+-")
_WORD = re.compile(r"[A-Za-z_][\w.-]{3,}")
_SAME_ALARMS = 3
"""How often one and the same problem line is shown."""
_CHANGED = ("+", "-", "@")
"""How a line of a diff begins that must stay: what changed, and where."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text with lines left out; `gone[i]` says whether line i of the whole text is one."""

    text: str
    gone: list[bool]


def cut(shown: list[str], first: list[int], size: int, what: Excerpt) -> Cut | None:
    """Leave out lines of *shown* until about *what.limit* tokens stay; None if nothing may go.

    *first[i]* is the line of the whole text, which has *size* lines, at which `shown[i]` begins.
    """
    ends = [*first[1:], size]
    out: list[str] = []
    gone = [False] * size
    done = 0
    gaps = _gaps(shown, what)
    files = _unseen(shown, gaps) if what.kind == "search" else [[] for _ in gaps]
    for (start, end), hits in zip(gaps, files, strict=True):
        path = what.path if not done else None
        out += shown[done:start]
        out.append(markers.left_out(first[start] + 1, ends[end - 1], what.kind, path, hits))
        gone[first[start] : ends[end - 1]] = [True] * (ends[end - 1] - first[start])
        done = end
    return Cut("\n".join([*out, *shown[done:]]), gone) if done else None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is to stay of a result: *limit* of its *tokens*, by the words *known* so far."""

    kind: Kind
    tokens: int
    known: set[str]
    path: str
    limit: int

    @property
    def may_hold_noise(self) -> bool:
        """Whether there is anything to look for: too long a text, or lines of routine in it."""
        return self.kind in _WITH_ROUTINE or self.tokens > self.limit * _SLACK


def _gaps(lines: list[str], what: Excerpt) -> list[tuple[int, int]]:
    """Runs of *lines* to leave out, each as its first line and the line after its last."""
    routine = _routine(lines) if what.kind in _WITH_ROUTINE else set()
    size = sum(map(len, lines)) + len(lines)
    # In characters: tokens are too dear to count by line.
    budget = what.limit * size / max(1, what.tokens)
    if what.tokens <= what.limit * _SLACK:
        return _runs([i in routine for i in range(len(lines))])
    kept = (_ends(lines, budget) | _alarms(lines)) - routine
    if what.kind == "diff":
        kept |= {i for i, line in enumerate(lines) if line[:1] in _CHANGED}
    used = sum(len(lines[i]) + 1 for i in kept)
    singular = _singular(lines) if what.kind == "log" else []
    for i in (*singular, *_related(lines, what.known)):
        if i not in kept and i not in routine and used + len(lines[i]) <= budget:
            kept.add(i)
            used += len(lines[i]) + 1
    if what.kind == "search":
        kept |= _named(lines, kept)
    return _runs([i not in kept for i in range(len(lines))])


def _named(lines: list[str], kept: set[int]) -> set[int]:
    """The lines that name the file of a line in *kept*: the last before it that names any."""
    found = set()
    head = None
    for i, line in enumerate(lines):
        if HIT.match(line) or _CONTEXT.match(line):
            head = i
        elif not line.startswith(" ") and line != BETWEEN:
            head = None
        if i in kept and head is not None:
            found.add(head)
    return found


def _unseen(lines: list[str], gaps: list[tuple[int, int]]) -> list[list[str]]:
    """For each gap the files with hits in it that no line in sight names, each file once."""
    cut = {i for start, end in gaps for i in range(start, end)}
    hits = {i: match[1] for i, line in enumerate(lines) if (match := HIT.match(line))}
    seen = {path for i, path in hits.items() if i not in cut}
    found = []
    for start, end in gaps:
        new = dict.fromkeys(hits[i] for i in range(start, end) if i in hits)
        found.append([path for path in new if path not in seen])
        seen.update(new)
    return found


def _routine(lines: list[str]) -> set[int]:
    """Lines that say that all is well, and further lines of one shape that differ in numbers only.

    The first two and the last line of a shape stay, and every line that speaks of a problem.
    """
    found = {i for i, line in enumerate(lines) if _PASSED.search(line)}
    for same in _shapes(lines).values():
        found.update(same[2:-1])
    return {i for i in found if not tells_problem(lines[i])}


def _shapes(lines: list[str]) -> dict[str, list[int]]:
    """Line numbers by what is left of a line when its numbers are put aside."""
    shapes: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if len(line) >= _MIN_SHAPE:
            shapes.setdefault(_NUMBER.sub("#", line), []).append(i)
    return shapes


def _singular(lines: list[str]) -> list[int]:
    """Lines that differ from all others by more than numbers."""
    return [same[0] for same in _shapes(lines).values() if len(same) == 1]


def _ends(lines: list[str], budget: float) -> set[int]:
    kept = {i for i, line in enumerate(lines) if line.startswith("[") and " same " in line}
    for order, share in ((range(len(lines)), _HEAD), (range(len(lines) - 1, -1, -1), _TAIL)):
        left = budget * share
        for i in order:
            left -= len(lines[i]) + 1
            if left < 0:
                break
            kept.add(i)
    return kept


def _alarms(lines: list[str]) -> set[int]:
    """Every line that speaks of a problem, but of a line said over and over only a few."""
    found: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if tells_problem(line):
            found.setdefault(line.strip(), []).append(i)
    return {i for same in found.values() for i in same[:_SAME_ALARMS]}


def _related(lines: list[str], known: set[str]) -> list[int]:
    """Lines by the words that they share with the conversation, the most related first."""
    scores = []
    for i, line in enumerate(lines):
        words = set(_WORD.findall(line))
        if shared := len(words & known):
            scores.append((-shared / (3 + len(words)), i))
    return [i for _, i in sorted(scores)]


def _runs(left_out: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = None
    for i, out in enumerate([*left_out, False]):
        if out and start is None:
            start = i
        elif not out and start is not None:
            if i - start >= _MIN_GAP:
                found.append((start, i))
            start = None
    return found


def tells_problem(line: str) -> bool:
    """Whether *line* speaks of a problem."""
    if _ALARM_START.match(line):
        return True
    low = line.lower()
    return any(word in low for word in _ALARMS)


def words_of(text: str) -> set[str]:
    """The words of *text* by which lines are related to it."""
    return set(_WORD.findall(text))
