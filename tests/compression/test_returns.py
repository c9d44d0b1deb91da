from __future__ import annotations

from tests.calls import call, result, said, shell
from tokenpak.canonical import Part
from tokenpak.compression.packer import Packer
from tokenpak.compression.returns import fetched, new_cuts, new_epochs, new_ids
from tokenpak.compression.select import Plan
from tokenpak.flow import Epoch

PLAN = Plan("pack", (), True, 0, "/raw")
LOG = "\n".join(f"step {i * 7919 % 9973} of unit-{i % 311} went by" for i in range(900))


def conversation() -> list[Part]:
    make, read = shell("make", LOG), call("Bash", command="ls")
    assert make.call is not None
    parts = [said("user", "Build."), make.call, make, read, result(read, "a b")]
    for number, part in enumerate(parts):
        part.message = (0, 1, 2, 3, 4)[number]
    return parts


def test_a_cut_counts_at_the_turn_that_brings_it_and_not_again():
    parts, packer = conversation(), Packer()
    cuts = packer.pack(parts[:3], PLAN).cuts
    assert new_cuts(parts[:3], cuts) == {"build": 1}
    assert new_ids(parts[:3], cuts) == (cuts[2].id,) and new_ids(parts, cuts) == ()
    assert new_cuts(parts, packer.pack(parts, PLAN).cuts) == {}


def test_a_call_that_names_the_file_is_a_return():
    parts, packer = conversation(), Packer()
    cuts = packer.pack(parts[:3], PLAN).cuts
    (cut,) = cuts.values()
    assert fetched(parts, cuts) == {}
    parts[3] = call("Read", file_path=f"/raw/{cut.id}.txt")
    parts[3].message = 3
    assert fetched(parts, cuts) == {"build": 1}
    later = [*parts, said("assistant", "I see.")]
    later[-1].message = 5
    assert fetched(later, cuts) == {}


def test_an_epoch_is_told_at_the_turn_it_begins_and_not_again():
    parts = conversation()
    epochs = (Epoch(3, 2, 900, 100, "sum"), Epoch(5, 2, 50, 10, "window"))
    assert new_epochs(parts[:3], epochs[:1]) == epochs[:1]
    assert new_epochs(parts, epochs) == epochs[1:]


def test_of_calls_made_at_once_each_counts():
    # As in the Responses format, where every call is an item of its own.
    parts, packer = conversation(), Packer()
    cuts = packer.pack(parts[:3], PLAN).cuts
    parts[3] = call("Read", file_path=f"/raw/{cuts[2].id}.txt")
    parts[4] = call("Bash", command="ls")
    parts[3].message, parts[4].message = 3, 4
    parts += [result(parts[3], "a"), result(parts[4], "b")]
    for number in (5, 6):
        parts[number].message = number
    assert fetched(parts, cuts) == {"build": 1}
