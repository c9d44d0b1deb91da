"""Judges of one packed request: each law of the design, told by what can be seen from outside.

They know the client's body, what was sent, and the words of the markers; nothing of how it came to
be. `tests/test_laws.py` holds recorded conversations to them, `benchmarks/laws.py` whole folders.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path as File
from typing import Any

from tests.compression.decoder import ESCAPED, REMINDER, SAME_REMINDER, Decoder
from tokenpak.canonical import CanonicalRequest, Part
from tokenpak.compression import markers
from tokenpak.compression.cuts import tells_problem
from tokenpak.compression.lite import unfold_lines
from tokenpak.engines.rtk.alarms import alarms
from tokenpak.forms import FORMS
from tokenpak.redact import redact
from tokenpak.tokens import count as exact
from tokenpak.wire import get_adapter

Path = tuple[str | int, ...]
Recipe = Callable[[Part, str], str | None]
"""What a recipe makes of a part with some text; None if it stays."""
WORD = re.compile(r"\w+")
KEPT_IN = re.compile(r"whole text in (\S+?/[0-9a-f]{16}\.txt)")
LEFT_OUT = re.compile(r"\[lines (\d+)-(\d+) left out[,:]")
# What no rule for prose may take: numbers, code, addresses, paths, quotations, negations.
PROTECTED = re.compile(
    r"(?<!`)`[^`\n]+`(?!`)|https?://[^\s)>\]]+|(?<![\w/])[\w.~-]*/[\w./-]*\w|\d+(?:[.,:]\d+)*"
    r"|(?i:\b(?:not|never|no|none|without|unless|except|neither|nor|cannot|must|\w+n['’]t)\b)"
)
GONE = "\0gone"
DIFF = re.compile(r"^@@ -\d", re.M)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

count = lru_cache(50_000)(exact)


@dataclass
class Verdict:
    """How much was checked by law, and what was found to break one."""

    checked: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def hold(self, law: str, holds: bool, what: object = "") -> None:
        self.checked[law] += 1
        if not holds:
            self.broken.append((law, str(what)[:400]))

    def add(self, other: Verdict) -> None:
        self.checked.update(other.checked)
        self.broken += other.broken


@dataclass
class Sent:
    """A client's body in format *wire*, and what was sent in its place."""

    wire: str
    path: str
    before: bytes
    after: bytes
    raw_folder: str = ""
    """Where what is left out is kept."""

    @cached_property
    def old(self) -> CanonicalRequest:
        return _decoded(self.wire, self.path, self.before)

    @cached_property
    def new(self) -> CanonicalRequest:
        return _decoded(self.wire, self.path, self.after)

    @cached_property
    def changed(self) -> list[tuple[int, Part, Part]]:
        """The parts that were sent otherwise."""
        pairs = zip(self.old.parts, self.new.parts, strict=False)
        return [(i, a, b) for i, (a, b) in enumerate(pairs) if a.literal != b.literal]


@lru_cache(8)
def _decoded(wire: str, path: str, body: bytes) -> CanonicalRequest:
    return get_adapter(wire).decode_request(body, path)


def same_bytes(sent: Sent, verdict: Verdict) -> None:
    """Law 1: every byte outside of changed texts is the client's."""
    old, new = sent.old.parts, sent.new.parts
    verdict.hold("bytes", len(old) == len(new), f"{len(old)} parts became {len(new)}")
    at = here = 0
    loose = [i for i, one, two in sent.changed if one.span is None or two.span is None]
    verdict.hold("bytes", not loose, f"parts {loose} must never change")
    placed = [(one.span, two.span, i) for i, one, two in sent.changed if one.span and two.span]
    for one, two, i in sorted(placed):
        same = sent.before[at : one[0]] == sent.after[here : two[0]]
        verdict.hold("bytes", same, f"before part {i}")
        at, here = one[1], two[1]
    verdict.hold("bytes", sent.before[at:] == sent.after[here:], "after the last changed part")


def same_structure(sent: Sent, texts: frozenset[str], verdict: Verdict) -> None:
    """Laws 1 and 5: valid JSON of the same structure, and only strings in *texts* differ.

    *texts* are places: result, user, assistant, system. Ids, names, inputs, roles, thinking,
    images and tool definitions are in none of them.
    """
    one, two = _loaded(sent.before), _loaded(sent.after)
    for path, alike in differences(one, two):
        where = place(sent.wire, one, path)
        verdict.hold("structure", alike and where in texts, f"{where} at {path}")
    verdict.checked["structure"] += len(sent.old.parts)


@lru_cache(8)
def _loaded(body: bytes) -> Any:
    # A string may hold bytes that are no UTF-8: they are compared as well.
    return json.loads(body.decode("utf-8", "surrogateescape"), strict=False)


def differences(one: Any, two: Any, at: Path = ()) -> Iterator[tuple[Path, bool]]:
    """Where two documents differ, and whether there are two strings at that place."""
    if isinstance(one, dict) and isinstance(two, dict) and list(one) == list(two):
        for key in one:
            yield from differences(one[key], two[key], (*at, key))
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for i, pair in enumerate(zip(one, two, strict=True)):
            yield from differences(*pair, (*at, i))
    elif one != two or type(one) is not type(two):
        yield at, isinstance(one, str) and isinstance(two, str)


def place(wire: str, request: Any, path: Path) -> str:
    """Whose text stands at *path* of a request: result, user, assistant, system; else `other`."""
    if path and path[0] in ("system", "instructions", "systemInstruction"):
        return "system" if path[-1] in ("text", path[0]) or len(path) < 3 else "other"
    if wire == "ollama" and path == ("prompt",):
        return "user"
    if len(path) < 3 or path[0] not in ("messages", "input", "contents"):
        return "user" if path == ("input",) else "other"
    message, rest = request[path[0]][path[1]], path[2:]
    if wire == "gemini":
        return _place_in_gemini(message, rest)
    role = str(message.get("role", ""))
    if str(message.get("type", "")).endswith("_output") and rest[0] == "output":
        return "result" if len(rest) == 1 or rest[2:] == ("text",) else "other"
    kind = message.get("type")
    item = wire == "openai_responses" and isinstance(kind, str) and kind not in ("", "message")
    if rest[0] != "content" or item:
        return "other"
    mine = "result" if role in ("tool", "function") else role
    mine = "system" if mine == "developer" else mine
    if len(rest) == 1:
        return mine
    block = message["content"][rest[1]]
    if block.get("type") == "tool_result" and rest[2] == "content":
        inner = len(rest) == 3 or (len(rest) == 5 and rest[4] == "text")
        return "result" if inner else "other"
    named = block.get("type") in ("text", "input_text", "output_text")
    return mine if named and rest[2:] == ("text",) else "other"


def _place_in_gemini(content: Any, rest: Path) -> str:
    parts = content["parts"]
    part = parts[rest[1]] if rest[0] == "parts" and len(rest) > 2 else {}
    if rest[2:] == ("text",) and not part.get("thought"):
        return "assistant" if content.get("role") == "model" else "user"
    return "result" if rest[2:4] == ("functionResponse", "response") else "other"


def never_longer(sent: Sent, told: int, terse: bool, verdict: Verdict) -> None:
    """Law 3, by exact count: no part, nor the request; *told* tokens were said to be saved.

    A text that imitates a marker is the one thing that may grow, by the backslash that says so,
    and the system prompt where the user asked for *terse* answers.
    """
    saved, grows = 0, terse
    for i, one, two in sent.changed:
        fewer = count(one.text) - count(two.text)
        saved += fewer
        escaped = markers.imitates(one.text) and two.text.count("\\") > one.text.count("\\")
        may = escaped or (terse and two.kind == "system")
        grows = grows or escaped
        verdict.hold("size", fewer > 0 or may, f"part {i}: {-fewer} tokens more: {two.text}")
    verdict.hold("size", saved >= 0 or grows, f"the request has {-saved} tokens more")
    verdict.hold("told", saved == told, f"{told} tokens told, {saved} saved")


def within_threshold(sent: Sent, tokens: int, verdict: Verdict) -> None:
    """Nothing changes that lies wholly within the first *tokens* of the conversation."""
    at = 0
    for i, part in enumerate(sent.old.parts):
        at += count(part.text) if part.kind not in ("image", "other") else 0
        if at > tokens:
            return
        same = part.literal == sent.new.parts[i].literal
        verdict.hold("threshold", same, f"part {i} ends at {at} tokens")


def stays(first: Sent, then: Sent, told: bool, verdict: Verdict) -> None:
    """Law 4: what was sent at one turn is sent at a later one, but where an epoch was *told*."""
    for i, (own, later) in enumerate(zip(first.old.parts, then.old.parts, strict=False)):
        if own.literal != later.literal:
            break  # the client changed its own history
        same = first.new.parts[i].literal == then.new.parts[i].literal
        verdict.hold("prefix", same or told, f"part {i} ({own.kind} {own.tool}) was sent otherwise")


def reads_back(
    sent: Sent, whole: bool, verdict: Verdict, recipe: Recipe | None = None
) -> list[str]:
    """Laws 7 and 8: what a reader of the markers makes of each part, lines left out aside.

    References stand for lines that are in sight. A marker that names a file of ours names one that
    holds the original but for secrets, and with the lines of that file the result reads as one. If
    the request is *whole*, every result decodes to its text, or to what the forms make of it.
    """
    texts = {i: new.text for i, _, new in sent.changed}
    reader = Reader(sent.raw_folder)
    visible = []
    for i, part in enumerate(sent.old.parts):
        if part.kind in ("image", "other"):
            visible.append("")
            continue
        new = texts.get(i, part.text)
        visible.append(new)
        try:
            reader.open(new if i in texts else "")
            decoded = reader.part(part, new)
        except (AssertionError, KeyError, IndexError, OSError) as error:
            verdict.hold("decode", False, f"part {i}: {error!r}: {new}")
            continue
        if part.kind != "tool_result":
            continue
        visible[i] = reader.in_sight(decoded)
        if reader.kept is not None:
            kept = _plain(reader.kept)
            good = any(_plain(_redacted(each)) == kept for each in _originals(part, recipe))
            verdict.hold("files", good, f"part {i}: the kept file holds something else: {new}")
        if reader.gone:
            same = _plain(_redacted(decoded)) == _plain(reader.kept or "")
            verdict.hold("decode", same, f"part {i}: shown and kept lines differ: {decoded}")
        elif whole:
            same = decoded == part.text or decoded in forms_of(part)
            verdict.hold("decode", same, f"part {i}: {decoded}")
    return visible


class Reader(Decoder):
    """A decoder that opens the files that markers name."""

    def __init__(self, raw_folder: str) -> None:
        super().__init__()
        self.raw_folder = raw_folder
        self.kept: str | None = None
        """What is kept of the result that is being read."""
        self.gone: set[int] = set()
        """Lines of it that are in that file only."""

    def open(self, text: str) -> None:
        """Get ready for *text*. Raises OSError if it names a file that is not there."""
        self.kept, self.gone = None, set()
        for name in KEPT_IN.findall(text):
            if str(File(name).parent) == self.raw_folder:
                # As bytes: a text may hold carriage returns.
                self.kept = File(name).read_bytes().decode("utf-8", "surrogatepass")

    def in_sight(self, decoded: str) -> str:
        lines = enumerate(decoded.split("\n"))
        return "\n".join(line for i, line in lines if i not in self.gone)

    def line(self, line: str, before: list[str]) -> list[str]:
        match = LEFT_OUT.match(line) if self.kept is not None else None
        if match is None or self.kept is None:
            return super().line(line, before)
        first, last = int(match[1]), int(match[2])
        assert first == len(before) + 1, f"line {first} stands at {len(before) + 1}"
        lines = self.kept.split("\n")[first - 1 : last]
        assert len(lines) == last - first + 1, f"the file has no line {last}"
        self.gone |= set(range(first - 1, last))
        return lines

    def remember(self, name: str, text: str) -> None:
        lines = text.split("\n")
        for i in self.gone:
            number, tab, _ = lines[i].partition("\t")
            lines[i] = f"{number}\t{GONE}" if tab and number.isdigit() else GONE
        super().remember(name, "\n".join(lines))

    def take(self, name: str, start: int, end: int, before: list[str]) -> list[str]:
        found = super().take(name, start, end, before)
        assert GONE not in found, f"refers to lines that were left out of {name}"
        return found


def _plain(text: str) -> str:
    """*text* as it was before markers were told from imitations, and repeats told once."""
    return REMINDER.sub(SAME_REMINDER, ESCAPED.sub(r"\1", markers.restore(unfold_lines(text))))


@lru_cache(4096)
def _formed(text: str, part: Part, forms: tuple[str, ...]) -> str:
    for name in forms:
        text = FORMS[name].apply(text, part)
    return text


def forms_of(part: Part) -> set[str]:
    """What the forms of `pack` make of *part*."""
    rest = ("ansi", "envelope", "written")
    names = ((*rest, "gutter", "search"), (*rest, "search"))
    return {_formed(part.text, part, each) for each in names}


def _originals(part: Part, recipe: Recipe | None) -> Iterator[str]:
    """What a kept file may hold of *part*: its text, or what the forms of a mode make of it."""
    yield part.text
    formed = forms_of(part)
    for names in (("ansi", "envelope"), ("ansi", "blanks"), tuple(FORMS)):
        formed.add(_formed(part.text, part, names))
    yield from formed
    if recipe is not None:
        yield from filter(None, (recipe(part, each) for each in formed))


_redacted = lru_cache(512)(redact)


def names_no_file(sent: Sent, verdict: Verdict) -> None:
    """Law 7: where the client cannot read files of this machine, no marker names one."""
    for i, one, two in sent.changed:
        named = set(KEPT_IN.findall(two.text)) - set(KEPT_IN.findall(one.text))
        verdict.hold("files", not named, f"part {i} names {named}")


def keeps_alarms(sent: Sent, visible: list[str], cuts: bool, verdict: Verdict) -> None:
    """Law 6: each word of each line of a result that speaks of a problem is still in sight, or the
    line is told with fewer words, that speak of it as well.

    *visible* is what `reads_back` gave. Where lines are left out for a file (*cuts*), what speaks
    of a problem is told by the cuts: a hit of a search is text of a file, not a problem.
    """
    seen: set[str] = set()
    changed = {i for i, *_ in sent.changed}
    for i, part in enumerate(sent.old.parts):
        seen.update(WORD.findall(visible[i]))
        if i not in changed or part.kind != "tool_result":
            continue
        left_out = cuts and " left out: " in sent.new.parts[i].text
        for line in _alarm_lines(part.text):
            if left_out and not tells_problem(line):
                continue
            lost = [word for word in WORD.findall(line) if word not in seen]
            told = not lost or _is_told_shorter(line, visible[i])
            verdict.hold("alarms", told, f"part {i} lost {lost} of {line}")


@lru_cache(4096)
def _alarm_lines(text: str) -> list[str]:
    text = ESCAPES.sub("", text)
    lines = text.split("\n")
    flagged = zip(lines, alarms(text, lines), strict=True)
    # In a diff what neither came nor went is text of a file.
    context = " " if DIFF.search(text) else None
    return list(dict.fromkeys(line for line, flag in flagged if flag == 1 and line[:1] != context))


def _is_told_shorter(line: str, visible: str) -> bool:
    """Whether a line of *visible* speaks of a problem in words of *line*, all but one of them."""
    words = set(WORD.findall(line))
    shorter = (set(WORD.findall(each)) for each in _alarm_lines(visible))
    return any(len(each - words) <= 1 < len(each & words) for each in shorter)


def keeps_what_users_mean(sent: Sent, verdict: Verdict) -> None:
    """Law 6: of a text that somebody wrote every number, name, quotation and negation stays, in
    order; or a marker tells that the text before it says the same."""
    for i, one, two in sent.changed:
        if one.kind == "tool_result":
            continue
        if two.text.startswith("[same as "):
            texts = (
                p.text for p in sent.old.parts[:i] if p.kind == one.kind and p.role == one.role
            )
            verdict.hold("words", one.text in texts, f"part {i} is no repeat: {one.text}")
            continue
        old, new = (Counter(PROTECTED.findall(each.text)) for each in (one, two))
        lost = {each: n for each, n in old.items() if new[each] < n}
        verdict.hold("words", not lost, f"part {i} lost {lost}")
