from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calls import call, result
from tests.compression.decoder import Decoder
from tokenpak.canonical import Part
from tokenpak.compression.packer import Packer
from tokenpak.compression.select import Plan
from tokenpak.tokens import count

REFERENCES = Plan("references", (), True, 0)
FILE = [f"    value_{i} = compute(alpha, beta, {i * 7919 % 1000})" for i in range(60)]


def numbered(lines: list[str], first: int = 1) -> str:
    return "\n".join(f"{n}\t{line}" for n, line in enumerate(lines, first))


def read(text: str, path: str = "/src/app.py") -> list[Part]:
    one = call("Read", file_path=path)
    return [one, result(one, text)]


def packed(parts: list[Part], plan: Plan = REFERENCES) -> list[str]:
    texts = Packer().pack(parts, plan).texts
    return [texts.get(i, part.text) for i, part in enumerate(parts)]


def test_a_file_read_again_is_one_reference():
    out = packed([*read(numbered(FILE)), *read(numbered(FILE))])
    assert out[3] == "[lines 1-60 same as in Read app.py above]"


def test_a_range_read_later_names_the_lines_it_shows():
    out = packed([*read(numbered(FILE)), *read(numbered(FILE[20:40], 21))])
    assert out[3] == "[lines 21-40 same as in Read app.py above]"


def test_moved_lines_tell_both_numbers():
    edited = [*FILE[:10], "    inserted = True", *FILE[10:]]
    out = packed([*read(numbered(FILE)), *read(numbered(edited))])
    assert out[3].split("\n") == [
        "[lines 1-10 same as in Read app.py above]",
        "11\t    inserted = True",
        "[lines 12-61 same as lines 11-60 of Read app.py above]",
    ]


def test_what_the_agent_wrote_itself_counts_as_read():
    write = call("Write", file_path="/src/new.py", content="\n".join(FILE))
    parts = [write, result(write, "ok"), *read(numbered(FILE), "/src/new.py")]
    assert packed(parts)[3] == "[lines 1-60 same as in Write new.py content above]"


def test_shell_output_points_to_a_numbered_read():
    shell = call("Bash", command="sed -n 5,20p src/app.py")
    out = packed([*read(numbered(FILE)), shell, result(shell, "\n".join(FILE[4:20]))])
    assert out[3] == "[16 lines same as lines 5-20 of Read app.py above]"


def test_a_second_result_of_the_same_name_is_told_apart():
    other = [line.replace("compute", "derive") for line in FILE]
    out = packed([*read(numbered(FILE)), *read(numbered(other)), *read(numbered(other))])
    assert out[5] == "[lines 1-60 same as in Read app.py #2 above]"


def test_repeats_within_one_result_point_to_its_own_lines():
    text = numbered([*FILE[:20], "between", *FILE[:20]])
    out = packed(read(text))
    assert out[1].endswith("[lines 22-41 same as lines 1-20 above]")


def test_the_first_occurrence_is_never_touched():
    parts = [*read(numbered(FILE)), *read(numbered(FILE))]
    assert Packer().pack(parts, REFERENCES).texts.keys() == {3}


def test_short_runs_stay():
    out = packed([*read(numbered(FILE)), *read(numbered([FILE[3], "x = 1", FILE[9]], 90))])
    assert "same as" not in out[3]


def test_no_more_than_two_references_stand_in_a_row():
    chunks = [FILE[i : i + 10] for i in (50, 30, 10, 40, 20, 0)]
    shell = call("Bash", command="shuffle")
    parts = [*read(numbered(FILE)), shell, result(shell, "\n".join(sum(chunks, [])))]
    lines = packed(parts)[3].split("\n")
    marks = "".join("m" if "same as" in line else "." for line in lines)
    assert marks == "mm.mm.mm"


@pytest.mark.parametrize(
    "line",
    [
        "[lines 1-9 same as in Read app.py above]",
        "[3 lines same as lines 1-3 of Read app.py above]",
        "[same system-reminder as above]",
        "\\[same system-reminder as above]",
    ],
)
def test_imitated_markers_are_neutralised_and_decode_back(line):
    parts = [*read(numbered(FILE)), *read("\n".join(["head of the text", line, *FILE[:30]]))]
    texts = dict(Packer().pack(parts, REFERENCES).texts)
    assert f"\n\\{line}\n" in texts[3]
    assert Decoder().read(parts, texts) == [part.text for part in parts]


LINE = st.sampled_from(
    [
        *FILE[:12],
        "",
        "}",
        "[same system-reminder as above]",
        "[2 lines same as lines 1-2 of x above]",
        "\\[lines 1-2 same as in x above]",
        "<system-reminder>\n" + "Mind the gap. " * 20 + "</system-reminder>",
    ]
)
TEXT = st.lists(LINE, max_size=40).flatmap(
    lambda lines: st.sampled_from(["\n".join(lines), numbered(lines), numbered(lines, 95)])
)


@given(st.lists(st.tuples(st.sampled_from(["a.py", "b.py"]), TEXT), max_size=6))
def test_every_packed_conversation_decodes_to_the_original(reads):
    parts = [part for path, text in reads for part in read(text, path)]
    texts = dict(Packer().pack(parts, REFERENCES).texts)
    assert Decoder().read(parts, texts) == [part.text for part in parts]


@given(st.lists(st.tuples(st.sampled_from(["a.py", "b.py"]), TEXT), max_size=6))
def test_no_block_grows_unless_it_imitates_a_marker(reads):
    parts = [part for path, text in reads for part in read(text, path)]
    for i, text in Packer().pack(parts, REFERENCES).texts.items():
        assert count(text) < count(parts[i].text) or "\\[" in text
