"""What many replays came to, summed up by project, by technique and by kind of content."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tokenpak.settings import Settings
from tokenpak.simulate.outcome import Figures, Kind, Outcome
from tokenpak.simulate.run import Done


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `tokenpak simulate` says; nothing of what the transcripts say but `worst`."""

    mode: str
    files: int
    megabytes: float
    seconds: float
    total: Figures
    projects: Mapping[str, Figures]
    """The dearest first, as in the mappings that follow what saves most stands first."""
    agents: Mapping[str, Figures]
    saved_by: Mapping[str, int]
    """Tokens saved by technique, over all turns."""
    kinds: Mapping[str, Kind]
    savings: Sequence[float]
    """Share of the cost saved in each conversation."""
    worst: Sequence[Outcome]
    """The conversations that lost most facts."""
    unread: Mapping[str, str]
    """Files that were not read, or not to the end, and why."""
    damaged_lines: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "mode": self.mode,
            "files": self.files,
            "megabytes": round(self.megabytes, 2),
            "seconds": round(self.seconds, 2),
            "total": self.total.as_dict(),
            "projects": {name: each.as_dict() for name, each in self.projects.items()},
            "agents": {name: each.as_dict() for name, each in self.agents.items()},
            "saved_by": dict(self.saved_by),
            "kinds": {name: asdict(each) for name, each in self.kinds.items()},
            "worst": [_worst(each) for each in self.worst],
            "unread": dict(self.unread),
            "damaged_lines": dict(self.damaged_lines),
        }


def make_report(done: Sequence[Done], settings: Settings, seconds: float, top: int = 5) -> Report:
    """The report of *done*, with the *top* conversations that lost facts."""
    outcomes = [outcome for each in done for outcome in each.outcomes]
    projects: dict[str, Figures] = defaultdict(Figures)
    agents: dict[str, Figures] = defaultdict(Figures)
    kinds: dict[str, Kind] = defaultdict(Kind)
    saved_by: Counter[str] = Counter()
    for each in outcomes:
        projects[each.project] += each.figures
        agents[each.agent] += each.figures
        saved_by.update(each.saved_by)
        for name, kind in each.kinds.items():
            kinds[name] += kind
    losing = [each for each in outcomes if each.lost]
    return Report(
        mode=f"{settings.mode}/{settings.pipeline}",
        files=len(done),
        megabytes=sum(each.bytes for each in done) / 1e6,
        seconds=seconds,
        total=sum((each.figures for each in outcomes), Figures()),
        projects=_by_cost(projects),
        agents=_by_cost(agents),
        saved_by=dict(saved_by.most_common()),
        kinds=dict(sorted(kinds.items(), key=lambda pair: pair[1].packed - pair[1].direct)),
        savings=[each.figures.saved_cost for each in outcomes],
        worst=sorted(losing, key=lambda each: -len(each.lost))[:top],
        unread={str(each.path): each.skipped for each in done if each.skipped},
        damaged_lines={str(each.path): each.damaged_lines for each in done if each.damaged_lines},
    )


def notes(report: Report) -> list[str]:
    """What a reader of *report* has to know to take its figures for what they are."""
    total = report.total
    found = [
        "Cost is that of the input under a simulated prompt cache whose breakpoints a client sets "
        "as Claude Code does; tokens are o200k counts of what the model reads."
    ]
    if total.without_system:
        found.append(
            f"{total.without_system:,} of {total.conversations:,} transcripts hold no system "
            "prompt; none was made up, so shares of a whole request are somewhat lower."
        )
    if total.unpriced:
        found.append(
            f"{total.unpriced:,} conversations name no model with a known price: they count in "
            "tokens at the base price, not in dollars."
        )
    if report.unread:
        found.append(f"{len(report.unread):,} files were not read, or not to the end.")
    if report.damaged_lines:
        lines = sum(report.damaged_lines.values())
        found.append(f"{lines:,} damaged lines in {len(report.damaged_lines):,} files left out.")
    return found


def _by_cost(figures: Mapping[str, Figures]) -> dict[str, Figures]:
    return dict(sorted(figures.items(), key=lambda pair: (-pair[1].direct.billed, pair[0])))


def _worst(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.name,
        "project": outcome.project,
        "agent": outcome.agent,
        "facts": outcome.figures.facts,
        "lost": [asdict(each) for each in outcome.lost],
    }
