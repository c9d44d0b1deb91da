from __future__ import annotations

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression.counting import PartCounts
from tokenpak.compression.digests import Digest
from tokenpak.compression.fold import Fold
from tokenpak.compression.known import Known
from tokenpak.compression.select import Plan
from tokenpak.compression.state import State
from tokenpak.policy import Step

FILE = "\n".join(f"{n}\tvalue_{n} = compute({n * 31 % 97})" for n in range(1, 60))


def fold(parts: list[Part], state: State | None = None, threshold: int = 0) -> State:
    plan = Plan("pack", (), True, threshold)
    return Fold(plan, PartCounts(), lambda whole: None, Known()).extend(state or State(), parts)


def read(text: str = FILE) -> list[Part]:
    one = call("Read", file_path="a.py")
    return [one, result(one, text)]


def test_going_on_from_a_state_is_going_on_from_the_beginning():
    parts = [said("user", "Look."), *read(), *read(), shell("cat a.py", FILE)]
    for k in range(len(parts)):
        assert fold(parts, fold(parts[:k])).texts == fold(parts).texts


def test_words_of_people_and_agents_are_sources_but_never_changed():
    pasted = said("user", "\n".join(FILE.split("\n")[:20]))
    state = fold([pasted, *read()])
    assert set(state.texts) == {2} and "user message" in state.index.by_name


def test_tokens_are_counted_up_to_the_threshold_only():
    parts = [*read(), *read()]
    assert fold(parts).tokens < fold(parts, threshold=100_000).tokens


def test_the_literal_of_a_new_text_is_its_json():
    state = fold([*read(), *read()])
    assert state.literals == {3: b'"' + state.texts[3].encode() + b'"'}


def test_a_repeat_is_not_told_of_a_result_before_one_that_was_aged():
    one, other = (shell("ls", "\n".join(f"{word} {n}" for n in range(80))) for word in ("a", "b"))
    plan = Plan("ultra", (), False, 0, steps=(Step("lite"),))
    state = State()
    state.sizes.aged = {1: Digest("[listing output of 80 lines cleared]", None)}
    folded = Fold(plan, PartCounts(), lambda whole: None, Known()).extend(state, [one, other, one])
    assert 2 not in folded.texts
    assert Fold(plan, PartCounts(), lambda whole: None, Known()).extend(State(), [one, one]).texts
