from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression import epochs
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan
from tokenpak.tokens import count

FOLDER = "/home/me/.tokenpak/raw"


def aggressive(keep: int = 2000, threshold: int = 0) -> Plan:
    return Plan("aggressive", (), True, threshold, FOLDER, keep)


def run(i: int, lines: int, command: str = "make") -> list[Part]:
    text = "\n".join(
        f"unit {i}-{n} took {n * i % 7} steps over item{n * 31 % 17}" for n in range(lines)
    )
    of = shell(command, text)
    assert of.call is not None
    return [said("assistant", f"Next {i}."), of.call, of]


def number(parts: list[Part]) -> list[Part]:
    for i, part in enumerate(parts):
        part.message = i
    return parts


def conversation(turns: int, command: str = "make") -> list[Part]:
    parts = [said("user", "Build it.")]
    for i in range(turns):
        parts += run(i, 24, command)
    return number(parts)


def prefixes(parts: list[Part], plan: Plan) -> list[dict[int, str]]:
    packer = Packer(1 << 30)
    return [dict(packer.pack(parts[:k], plan).texts) for k in range(1, len(parts) + 1)]


def breaks(versions: list[dict[int, str]]) -> list[int]:
    """Turns at which something that was sent before went out differently."""
    found = []
    for k in range(1, len(versions)):
        now = {i: text for i, text in versions[k].items() if i < k}
        if now != versions[k - 1]:
            found.append(k)
    return found


def test_old_builds_are_cleared_and_say_where_they_are():
    parts = conversation(120)
    texts = Packer().pack(parts, aggressive()).texts
    cleared = [text for text in texts.values() if "cleared" in text]
    assert cleared
    assert all(
        text.startswith("[build output of 24 lines cleared; whole text in /home")
        for text in cleared
    )


def test_an_epoch_begins_at_a_milestone_and_seldom():
    parts = conversation(120)
    found = breaks(prefixes(parts, aggressive()))
    ends = [sum(count(p.text) for p in parts[: k + 1]) for k in found]
    assert found and ends[0] >= epochs.FIRST
    assert all(b - a >= epochs.STEP for a, b in zip(ends, ends[1:], strict=False))


def test_the_end_of_the_conversation_is_left_alone():
    parts = conversation(120)
    keep = 6000
    texts = Packer().pack(parts, aggressive(keep)).texts
    last = max(i for i, text in texts.items() if "cleared" in text)
    assert sum(count(p.text) for p in parts[last + 1 :]) >= keep


def test_reads_edits_and_reports_are_never_cleared():
    one = call("Read", file_path="a.py")
    body = "\n".join(f"{n}\tvalue {n * 7 % 13}" for n in range(60))
    parts = [said("user", "Go.")]
    for i in range(80):
        parts += [said("assistant", f"{i}"), one, result(one, body.replace("value", f"value{i}"))]
    assert not any(
        "cleared" in t for t in Packer().pack(number(parts), aggressive()).texts.values()
    )


def test_without_a_milestone_nothing_is_ever_rewritten():
    assert breaks(prefixes(conversation(40), Plan("pack", (), True, 0, FOLDER, None))) == []


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(["make", "rg x", "git diff"])), max_size=60
    )
)
def test_epochs_follow_from_the_prefix_alone(sizes):
    parts = [said("user", "Go.")]
    for i, (lines, command) in enumerate(sizes):
        parts += run(i, lines * 4, command)
    number(parts)
    whole = prefixes(parts, aggressive(500))
    for k in range(len(parts) // 3, len(parts), 7):
        assert dict(Packer().pack(parts[:k], aggressive(500)).texts) == (whole[k - 1] if k else {})
