"""Whether a rewrite of what was sent pays for itself."""

from __future__ import annotations

# Anthropic's prices relative to plain input: a token read from the cache costs a tenth, one written
# to it a quarter more. A rewritten token is written again instead of read.
# https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
READ = 0.1
WRITE = 1.25


def pays(freed: int, rewritten: int, turns: int) -> bool:
    """Whether freeing *freed* tokens is worth writing *rewritten* tokens to the cache again.

    *turns* is how many requests are expected to follow; each would have read the freed tokens.
    """
    return freed * READ * turns > rewritten * (WRITE - READ)


def expected_turns(so_far: int) -> int:
    """Requests still to come in a conversation of *so_far* requests: half as many again.

    Half of what the rule for things of unknown end (Lindy) says: on recorded conversations the full
    rule cost more than it saved, as many end soon after a milestone.
    """
    return so_far // 2
