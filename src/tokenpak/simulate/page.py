"""The report as one page of HTML that loads nothing: styles and charts stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from tokenpak.simulate.charts import Bar, bars, histogram
from tokenpak.simulate.outcome import Figures
from tokenpak.simulate.report import Report, notes

_ROWS = 15
_LOST_LINES = 20


def page(report: Report) -> str:
    """The whole document; all that comes from transcripts is escaped."""
    body = "".join(
        (
            f"<h1>What TokenPak would have saved</h1><p>{escape(_subtitle(report))}</p>",
            _cards(report.total),
            _section(
                "Projects", "Cost under prompt caching, in tokens at the base price.", _key()
                + bars(_projects(report), "cost by project") + _project_table(report)
            ),
            _section("Kinds of content", "What was sent, over all turns.", _key("tokens") + bars(
                _kinds(report), "tokens by kind of content")),
            _section("Techniques", "Tokens saved, over all turns.", bars(
                _techniques(report), "tokens saved by technique")),
            _section("Conversations", "How many saved which share of their cost.", histogram(
                report.savings, "conversations by share saved")),
            _section("Facts that did not survive", _facts_note(report), _worst(report)),
            _section("About these figures", "", _list(notes(report)) + _unread(report)),
        )
    )  # fmt: skip
    style = files("tokenpak.simulate").joinpath("page.css").read_text("utf-8").strip()
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>TokenPak: simulation</title><style>{style}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _subtitle(report: Report) -> str:
    total = report.total
    return (
        f"{total.conversations:,} conversations, {total.turns:,} turns in {report.files:,} files "
        f"({report.megabytes:,.1f} MB), replayed offline in {report.seconds:,.1f} s; "
        f"mode {report.mode}."
    )


def _cards(total: Figures) -> str:
    direct, packed = total.direct, total.packed
    money = f"${direct.usd:,.2f} → ${packed.usd:,.2f}" if direct.usd > 0 else "no price known"
    base = f"{_big(direct.billed)} → {_big(packed.billed)} at the base price"
    unbroken = money.replace(" → ", "\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}")
    cards = (
        (f"{total.saved_cost:.1%}", "less cost", f"{base}; {unbroken}"),
        (
            f"{total.saved_tokens:.1%}",
            "fewer tokens",
            f"{_big(direct.tokens)} → {_big(packed.tokens)}",
        ),
        (
            f"{total.recall:.2%}" if total.facts else "–",
            "of used facts kept",
            f"{total.facts_kept:,} of {total.facts:,}" if total.facts else "none were found",
        ),
        (f"{total.ms / max(1, total.turns):.1f} ms", "of packing a turn", "on average"),
    )
    shown = (f"<div><b>{a}</b>{b}<br><span>{escape(c)}</span></div>" for a, b, c in cards)
    return f'<div class="cards">{"".join(shown)}</div>'


def _section(title: str, note: str, content: str) -> str:
    lead = f"<p>{escape(note)}</p>" if note else ""
    return f'<h2>{escape(title)}</h2>{lead}<section class="card">{content}</section>'


def _key(what: str = "cost") -> str:
    return (
        f'<p class="key"><i style="background:var(--accent)"></i>{what} with TokenPak'
        f'<i style="background:var(--pale)"></i>{what} saved</p>'
    )


def _projects(report: Report) -> list[Bar]:
    return [
        Bar(
            name,
            each.packed.billed,
            each.direct.billed,
            _change(each.direct.billed, each.packed.billed),
        )
        for name, each in list(report.projects.items())[:_ROWS]
    ]


def _project_table(report: Report) -> str:
    head = ("project", "conversations", "turns", "tokens", "cost", "saved", "facts kept")
    rows = [
        (
            name,
            f"{each.conversations:,}",
            f"{each.turns:,}",
            _big(each.direct.tokens),
            f"${each.direct.usd:,.2f}" if each.direct.usd else "–",
            f"{each.saved_cost:.1%}",
            f"{each.recall:.2%}" if each.facts else "–",
        )
        for name, each in report.projects.items()
    ]
    return f"<details><summary>All {len(rows)} as a table</summary>{_table(head, rows)}</details>"


def _kinds(report: Report) -> list[Bar]:
    shown = sorted(report.kinds.items(), key=lambda pair: -pair[1].direct)[:_ROWS]
    return [
        Bar(
            name,
            each.packed,
            each.direct,
            f"{_big(each.direct)}, {_change(each.direct, each.packed)}",
        )
        for name, each in shown
    ]


def _techniques(report: Report) -> list[Bar]:
    return [Bar(name, each, each, _big(each)) for name, each in report.saved_by.items()]


def _facts_note(report: Report) -> str:
    total = report.total
    lost = total.facts - total.facts_kept
    return (
        f"{lost:,} of {total.facts:,} strings that an agent took from a tool result and wrote "
        "itself later were not in the packed request of that turn word for word. Secrets are "
        "masked."
    )


def _worst(report: Report) -> str:
    if not report.worst:
        return f"<p>{'None was lost.' if report.total.facts else 'There was none to lose.'}</p>"
    shown = []
    for each in report.worst:
        items = [
            f'<li>message {lost.used_at}: <code class="lost">{escape(lost.fact)}</code> '
            f"({escape(lost.kind)})<br><code>{escape(lost.line)}</code></li>"
            for lost in each.lost[:_LOST_LINES]
        ]
        more = len(each.lost) - len(items)
        items += [f"<li>… and {more} more</li>"] if more else []
        title = f"{each.project}: {each.name} ({len(each.lost)} of {each.figures.facts})"
        listed = "".join(items)
        shown.append(f"<details><summary>{escape(title)}</summary><ul>{listed}</ul></details>")
    return "".join(shown)


def _unread(report: Report) -> str:
    rows = [*report.unread.items()]
    rows += [(path, f"{count:,} damaged lines") for path, count in report.damaged_lines.items()]
    if not rows:
        return ""
    return f"<details><summary>Files</summary>{_table(('file', 'what'), rows)}</details>"


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in lines) + "</ul>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = "".join(f"<th>{escape(each)}</th>" for each in head)
    lines = ("".join(f"<td>{escape(each)}</td>" for each in row) for row in rows)
    return f"<table><tr>{titles}</tr>{''.join(f'<tr>{each}</tr>' for each in lines)}</table>"


def _change(before: float, after: float) -> str:
    change = f"{(after - before) / before:+.1%}" if before else "–"
    return "unchanged" if change in ("+0.0%", "-0.0%") else change.replace("-", "−")


def _big(value: float) -> str:
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value:.0f}"
