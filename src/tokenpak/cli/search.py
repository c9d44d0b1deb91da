"""`tokenpak search` and `tokenpak vault search`: files that fit a query, without a model."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tokenpak.cli import render

if TYPE_CHECKING:
    from tokenpak.vault.search import Hit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--top-k", type=click.IntRange(1, 1000), default=10, show_default=True, help="Files at most."
)
@click.option("--path", "path_glob", help="Only files whose path fits: 'src/*.py'.")
@click.option("--type", "file_type", help="Only files of this type: python, markdown, …")
@click.option("--semantic", is_flag=True, help="Rank what a question finds by meaning, too.")
@render.json_option
def command(
    query: tuple[str, ...],
    top_k: int,
    path_glob: str | None,
    file_type: str | None,
    semantic: bool,
    as_json: bool,
) -> None:
    """Find the indexed files whose symbols, paths and notes fit QUERY best.

    \b
    Example:
      tokenpak search allocate budget --type python
    """
    from tokenpak.settings import load
    from tokenpak.vault.search import search

    asked = " ".join(query)
    hits = search(load().registry_path, asked, top_k, path_glob, file_type, semantic)
    if as_json:
        render.print_json({"query": asked, "hits": [_json(each) for each in hits]})
        return
    for hit in hits:
        _print(hit)
    if not hits:
        click.echo("Nothing found.")


def _json(hit: Hit) -> dict[str, object]:
    return asdict(hit) | {"symbols": [each._asdict() for each in hit.symbols]}


def _print(hit: Hit) -> None:
    click.echo(f"{hit.score:8.2f}  {hit.root.rstrip('/')}/{hit.path}  ({hit.tokens:,} tokens)")
    for each in hit.symbols:
        click.echo(f"            {each.line}: {each.kind} {each.name}")
