"""Search in a small index."""

from __future__ import annotations

import pytest

from tests.vault.trees import Vault
from tokenpak.symbols import Symbol


@pytest.fixture
def filled(vault: Vault) -> Vault:
    vault.write("src/budget.py", 'def quadratic_allocate():\n    """Share tokens fairly."""\n')
    vault.write("src/uses.py", "def allocate(): ...\ndef quadratic(): ...\n" + "x = 1\n" * 50)
    vault.write(
        "src/long.py",
        "def parseHTTPBody(): ...\n" + "".join(f"def f{n}a(): ...\n" for n in range(500)),
    )
    vault.write("docs/guide.md", "# First steps\n\nHow to install the proxy.\n")
    vault.write("tests/test_budget.py", "def test_quadratic_allocate(): ...\n")
    vault.index()
    return vault


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("quadratic_allocate", "src/budget.py"),
        ("quadratic allocate", "src/budget.py"),
        ("quadraticAllocate", "src/budget.py"),
        ("QUADRATIC_ALLOCATE", "src/budget.py"),
        ("quadratic_alocate", "src/budget.py"),
        ("quadratic_alloc", "src/budget.py"),
        ("parseHTTPBody", "src/long.py"),
        ("parsehttpbody", "src/long.py"),
        ("http body", "src/long.py"),
        ("first steps", "docs/guide.md"),
        ("how do I install the proxy", "docs/guide.md"),
        ("guide", "docs/guide.md"),
        ("share tokens", "src/budget.py"),
        ("test budget", "tests/test_budget.py"),
    ],
)
def test_the_right_file_comes_first(filled: Vault, query: str, first: str) -> None:
    assert filled.found(query)[:1] == [first]


@pytest.mark.parametrize(
    "query",
    ["", "   ", "zzzzqqqq", '"', "'; DROP TABLE files; --", "AND OR NOT", "*", "a:b^2 NEAR("],
)
def test_any_query_is_answered(filled: Vault, query: str) -> None:
    assert isinstance(filled.search(query), list)


def test_a_hit_has_score_symbols_and_lines(filled: Vault) -> None:
    hit = filled.search("quadratic_allocate")[0]

    assert hit.symbols == (Symbol("quadratic_allocate", "function", 1),)
    assert (hit.root, hit.file_type) == (str(filled.tree.resolve()), "python")
    assert hit.score > 0
    assert hit.tokens > 0


def test_scores_fall(filled: Vault) -> None:
    scores = [hit.score for hit in filled.search("quadratic allocate budget")]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) >= 3


def test_hits_can_be_limited(filled: Vault) -> None:
    assert len(filled.search("allocate", top_k=1)) == 1
    assert [h.path for h in filled.search("budget", path_glob="tests/*")] == [
        "tests/test_budget.py"
    ]
    assert filled.search("budget", file_type="markdown") == []
    assert filled.search("budget", top_k=0) == []


def test_a_file_with_all_of_the_words_beats_one_that_repeats_a_rare_one(vault: Vault) -> None:
    vault.write("all.py", 'def run():\n    """Retry the upload of a photo after a timeout."""\n')
    vault.write("one.py", "".join(f"def timeout{n}_timeout(): ...\n" for n in range(9)))
    for number in range(60):
        vault.write(f"{number}.py", 'def f():\n    """Retry of an upload, or of a photo."""\n')
    vault.index()

    assert vault.found("retry upload photo timeout")[0] == "all.py"


def test_a_question_in_other_words_is_ranked_by_meaning_if_asked(vault: Vault) -> None:
    vault.write(
        "cook.py", 'def run():\n    """Slice vegetables for dinner, then write a recipe."""\n'
    )
    vault.write(
        "mail.py", 'def run():\n    """Deliver email to the mailbox of a user, then write."""\n'
    )
    vault.write(
        "unlike.py", 'def run():\n    """Rotate matrices by an angle, then write them."""\n'
    )
    for number in range(20):
        vault.write(f"{number}.py", "def run(): ...\n")
    vault.index()
    question = "write down how someone gets letters and messages"

    plain, meant = vault.search(question), vault.search(question, semantic=True)

    assert meant[0].path == "mail.py"
    assert sorted(hit.path for hit in plain) == sorted(hit.path for hit in meant)
    assert plain[0].path != "mail.py"


@pytest.mark.parametrize("query", ["quadratic_allocate", "budget", "share tokens"])
def test_names_are_not_ranked_by_meaning(filled: Vault, query: str) -> None:
    assert filled.search(query, semantic=True) == filled.search(query)
