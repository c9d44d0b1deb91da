"""The simulated prompt caches, against the rules that their providers publish."""

from __future__ import annotations

import pytest

from tokenpak.providers.promptcache import (
    TTL_1H_S,
    TTL_S,
    AutomaticCache,
    Block,
    Charge,
    MarkedCache,
    NoCache,
    min_tokens,
    prompt_cache,
)

HOUR = TTL_1H_S


def block(tokens: int, name: str = "a", ttl_s: float | None = None) -> Block:
    return Block(name.encode(), tokens, ttl_s)


def marked(tokens: int, name: str = "a", ttl_s: float = TTL_S) -> Block:
    return block(tokens, name, ttl_s)


class TestMarked:
    @pytest.fixture
    def cache(self) -> MarkedCache:
        return MarkedCache()

    def test_a_marked_prefix_is_written_first_and_read_after(self, cache: MarkedCache) -> None:
        assert cache.charge([marked(2000), block(10, "b")]) == Charge(0, 2000, 10)
        assert cache.charge([marked(2000), block(10, "b")]) == Charge(2000, 0, 10)

    def test_the_marker_may_move_on(self, cache: MarkedCache) -> None:
        cache.charge([marked(2000)])

        assert cache.charge([block(2000), marked(500, "b")]) == Charge(2000, 500, 0)

    def test_what_was_not_marked_is_not_cached(self, cache: MarkedCache) -> None:
        cache.charge([block(2000)])

        assert cache.charge([marked(2000)]) == Charge(0, 2000, 0)

    def test_a_changed_block_is_a_miss_for_all_that_follows(self, cache: MarkedCache) -> None:
        cache.charge([marked(1500), marked(1500, "b")])

        assert cache.charge([marked(1500), marked(1500, "c")]) == Charge(1500, 1500, 0)

    def test_the_same_block_elsewhere_is_another_prefix(self, cache: MarkedCache) -> None:
        cache.charge([marked(1500)])

        assert cache.charge([block(1, "b"), marked(1500)]).read == 0

    @pytest.mark.parametrize(("tokens", "written"), [(1023, 0), (1024, 1024)])
    def test_less_than_the_minimum_is_not_cached(
        self, cache: MarkedCache, tokens: int, written: int
    ) -> None:
        assert cache.charge([marked(tokens)]).written == written

    @pytest.mark.parametrize(("new_blocks", "read"), [(18, 2000), (19, 2000), (20, 0)])
    def test_looks_back_20_blocks_from_a_breakpoint(
        self, cache: MarkedCache, new_blocks: int, read: int
    ) -> None:
        cache.charge([marked(2000)])
        later = [block(1, str(at)) for at in range(new_blocks - 1)]

        assert cache.charge([block(2000), *later, marked(1, "z")]).read == read

    def test_only_the_last_four_markers_count(self, cache: MarkedCache) -> None:
        cache.charge([marked(2000, str(at)) for at in range(5)])

        assert cache.charge([marked(2000, "0")]).read == 0
        assert cache.charge([block(2000, "0"), marked(2000, "1")]).read == 4000

    @pytest.mark.parametrize(
        ("ttl_s", "later", "read"),
        [(TTL_S, 300, 2000), (TTL_S, 301, 0), (HOUR, 3600, 2000), (HOUR, 3601, 0)],
    )
    def test_an_entry_lives_as_long_as_its_marker_says(
        self, cache: MarkedCache, ttl_s: float, later: float, read: int
    ) -> None:
        cache.charge([marked(2000, ttl_s=ttl_s)], 0.0)

        assert cache.charge([marked(2000)], later).read == read

    def test_a_read_renews_an_entry(self, cache: MarkedCache) -> None:
        for turn in range(4):
            read = cache.charge([marked(2000)], 250.0 * turn).read

        assert read == 2000

    @pytest.mark.parametrize(("ttl_s", "gap"), [(TTL_S, 250.0), (HOUR, 3000.0)])
    def test_a_read_behind_a_marker_renews_for_as_long_as_it_was_written(
        self, cache: MarkedCache, ttl_s: float, gap: float
    ) -> None:
        cache.charge([marked(2000, ttl_s=ttl_s)], 0.0)
        cache.charge([block(2000), marked(1, "b")], gap)

        assert cache.charge([marked(2000)], 2 * gap).read == 2000

    def test_what_is_written_for_an_hour_is_told_apart(self, cache: MarkedCache) -> None:
        first = cache.charge([marked(2000, ttl_s=HOUR), marked(500, "b")])
        second = cache.charge([block(2000), block(500, "b"), marked(100, "c", HOUR)])

        assert first == Charge(0, 2500, 0, written_1h=2000)
        assert second == Charge(2500, 100, 0, written_1h=100)

    def test_nothing_sent_costs_nothing(self, cache: MarkedCache) -> None:
        assert cache.charge([]) == Charge(0, 0, 0)


class TestAutomatic:
    def test_the_common_prefix_is_read_in_steps(self) -> None:
        cache = AutomaticCache(step=128)

        assert cache.charge([block(2000)]) == Charge(0, 0, 2000)
        assert cache.charge([block(2000), block(100, "b")]) == Charge(1920, 0, 180)

    def test_a_step_without_a_size_reads_it_all(self) -> None:
        cache = AutomaticCache()
        cache.charge([block(2000)])

        assert cache.charge([block(2000), block(100, "b")]) == Charge(2000, 0, 100)

    @pytest.mark.parametrize(("tokens", "read"), [(1023, 0), (1024, 1024)])
    def test_less_than_the_minimum_is_not_cached(self, tokens: int, read: int) -> None:
        cache = AutomaticCache(step=128)
        cache.charge([block(tokens)])

        assert cache.charge([block(tokens)]).read == read

    @pytest.mark.parametrize(("later", "read"), [(300, 2000), (301, 0)])
    def test_an_entry_that_is_not_used_is_gone(self, later: float, read: int) -> None:
        cache = AutomaticCache()
        cache.charge([block(2000)], 0.0)

        assert cache.charge([block(2000)], later).read == read

    def test_a_branch_reads_what_both_have_in_common(self) -> None:
        cache = AutomaticCache()
        cache.charge([block(2000), block(3000, "b")])

        assert cache.charge([block(2000), block(3000, "c")]) == Charge(2000, 0, 3000)


@pytest.mark.parametrize(
    ("provider", "model", "kind"),
    [
        ("anthropic", None, MarkedCache),
        ("openai", "gpt-5", AutomaticCache),
        ("google", "gemini-2.5-flash", AutomaticCache),
        ("ollama", "llama3", NoCache),
    ],
)
def test_each_provider_has_its_cache(provider: str, model: str | None, kind: type) -> None:
    assert type(prompt_cache(provider, model)) is kind


@pytest.mark.parametrize(
    ("model", "least"),
    [
        (None, 1024),
        ("claude-sonnet-4-5-20250929", 1024),
        ("claude-opus-4-1", 1024),
        ("claude-opus-4-5", 4096),
        ("anthropic/claude-haiku-4-5", 4096),
        ("claude-3-5-haiku-20241022", 2048),
        ("gemini-2.5-pro", 4096),
        ("gpt-5", 1024),
    ],
)
def test_a_model_may_ask_for_more(model: str | None, least: int) -> None:
    cache = prompt_cache("anthropic", model)

    assert min_tokens(model) == least
    assert cache.charge([marked(least - 1)]).written == 0


def test_no_cache_reads_and_writes_nothing() -> None:
    cache = NoCache()

    assert [cache.charge([marked(2000)]) for _ in range(2)] == [Charge(0, 0, 2000)] * 2


def test_reads_cost_a_tenth_and_writes_a_quarter_more() -> None:
    assert Charge(read=1000, written=100, rest=10).billed == pytest.approx(100 + 125 + 10)
