from __future__ import annotations

import pytest

from tokenpak.engines.rtk.wrappers import plain_name, unwrap


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sudo -u www-data env A=b timeout -k 5 30s nice -n 5 git status", "git status"),
        ("git -C dir -c a=b --no-pager diff", "git diff"),
        ("npx --yes jest@29 --ci", "jest --ci"),
        ("uv run --with x pytest -q", "pytest -q"),
        ("poetry run python -m pytest", "pytest"),
        ("python3.12 -W error -m mypy src", "mypy src"),
        ("pnpm --filter web vitest run", "vitest run"),
        ("yarn tsc -p .", "tsc -p ."),
        ("./gradlew test", "gradle test"),
        ("cargo +nightly t --lib", "cargo test --lib"),
        ("docker exec -u root api-1 ls -la", "ls -la"),
        ("docker compose -f a.yml run --rm web pytest", "pytest"),
        ("kubectl -n prod exec pod -- ps aux", "ps aux"),
        ("kubectl -n prod get pods", "kubectl get pods"),
        ("C:\\tools\\git.exe status", "git status"),
        ("bundle exec rspec", "rspec"),
        ("A=1 B=2", ""),
    ],
)
def test_what_stands_before_a_program_goes(command, expected):
    assert " ".join(unwrap(command.split(" "))) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("/usr/bin/python3.11", "python"), ("docker-compose", "docker compose"), ("egrep", "grep")],
)
def test_a_program_has_one_name(word, expected):
    assert plain_name(word) == expected
