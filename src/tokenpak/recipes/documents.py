"""Actions on what is written or recorded: prose, Markdown, and data by its shape."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta

from tokenpak.processors import get_processor, json, yaml
from tokenpak.processors.markdown import next_fence
from tokenpak.processors.sentences import sentences
from tokenpak.processors.terms import tokens
from tokenpak.recipes.directive import Directive, Hints
from tokenpak.recipes.gaps import binding, joined, urgent
from tokenpak.tokens.kinds import content_kind

Ratio = Annotated[float, Meta(gt=0, le=1)]
_HEADING = re.compile(r" {0,3}(#{1,6}) ")


class FilterTokens(Directive, frozen=True, tag="filter_tokens"):
    """Keep about `ratio` of the words: only words without a meaning of their own go.

    Negations, duties, conditions, numbers, names, quotations and code stay at any ratio.
    """

    ratio: Ratio = 0.6

    def run(self, text: str, hints: Hints) -> str:
        return tokens(text, self.ratio)


class FilterSentences(Directive, frozen=True, tag="filter_sentences"):
    """Keep about `ratio` of the sentences: those that only explain go, the later ones first.

    Sentences with a negation, a duty, a condition, a number, a name or code stay at any ratio.
    """

    ratio: Ratio = 0.5

    def run(self, text: str, hints: Hints) -> str:
        return sentences(text, self.ratio)


class KeepHeaders(Directive, frozen=True, tag="keep_headers"):
    """Keep headings down to `max_depth`, and lines on what must, must not be or went wrong.

    A document without a heading stays as it is.
    """

    max_depth: Annotated[int, Meta(ge=1, le=6)] = 3

    def run(self, text: str, hints: Hints) -> str:
        lines = text.split("\n")
        headings = self._headings(lines)
        if not any(headings):
            return text
        problems = urgent(lines)
        kept = [
            heading or problem or binding(line)
            for line, heading, problem in zip(lines, headings, problems, strict=True)
        ]
        first = headings.index(True)
        # What stands above the first heading says what the document is for.
        return joined(lines, [i < first or keep for i, keep in enumerate(kept)])

    def _headings(self, lines: list[str]) -> list[bool]:
        found, fence = [], ""
        for line in lines:
            heading = None if fence else _HEADING.match(line)
            found.append(heading is not None and len(heading[1]) <= self.max_depth)
            fence = next_fence(fence, line)
        return found


class SchemaSample(Directive, frozen=True, tag="schema_sample"):
    """Keep every key, of each list the first `samples` items; JSON stays JSON and YAML, YAML."""

    samples: Annotated[int, Meta(ge=1, le=1000)] = 3

    def run(self, text: str, hints: Hints) -> str:
        if hints.format in ("yaml", "yml"):
            return yaml.condense(text, self.samples)
        return json.condense(text, self.samples)


Format = Literal["csv", "html", "log", "markdown", "text", "yaml"]
_BY_LOOK: dict[str, Format] = {"html": "html", "logs": "log", "yaml": "yaml", "prose": "text"}


class Condense(Directive, frozen=True, tag="condense"):
    """Keep what is worth reading of a `format`, told by language, path or look if not given.

    csv: header, first and last rows. html: what a reader sees. log: each template and every
    problem. markdown, text: the sentences that carry it. yaml: no comments, lists by examples.
    """

    format: Format | None = None

    def run(self, text: str, hints: Hints) -> str:
        name = self.format or hints.format
        if not self.format and get_processor(name) is None:
            name = _BY_LOOK.get(content_kind(text), "")
        processor = get_processor(name)
        return processor.process(text, hints.path or "") if processor else text
