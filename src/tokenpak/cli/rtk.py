"""`tokenpak rtk`: the filters of tool outputs, tried, verified and trusted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokenpak.cli import Group, render

if TYPE_CHECKING:
    from tokenpak.engines.rtk.config import RtkConfig
    from tokenpak.engines.rtk.trust import Found


@click.group(cls=Group)
def command() -> None:
    """Try, verify and trust the filters of tool outputs.

    \b
    Example:
      tokenpak rtk run -- pytest -q
    """


def _config() -> RtkConfig:
    """The settings of the filters, as the proxy has them."""
    from tokenpak.policy.store import PolicyStore
    from tokenpak.settings import load

    return PolicyStore(load().home).current().rtk_config


def _found(config: RtkConfig | None = None) -> Found:
    """The filters in force in this folder; what was refused is told."""
    from tokenpak.engines.rtk.catalog import built_in
    from tokenpak.engines.rtk.trust import Found, read_all
    from tokenpak.settings import load

    chosen = config or _config()
    if not chosen.custom_filters_enabled:
        return Found(built_in())
    project = Path.cwd() if chosen.trust_project_filters else None
    found = read_all(load().home, project)
    for line in found.refused:
        click.echo(f"tokenpak: {line}", err=True)
    return found


def _text(file: str) -> str:
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    return data.decode("utf-8", "replace")


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
_command = click.option("--command", "command_line", help="The command that printed the output.")


@command.command("list")
@render.json_option
def list_filters(as_json: bool) -> None:
    """List the filters in force, in order of precedence.

    \b
    Example:
      tokenpak rtk list
    """
    filters = _found().catalog.filters
    if as_json:
        rows = [
            {"name": f.name, "category": f.spec.category, "origin": f.origin, "path": f.path,
             "priority": f.spec.priority, "description": f.spec.description}
            for f in filters
        ]  # fmt: skip
        render.print_json({"filters": rows})
        return
    for each in filters:
        click.echo(f"{each.name:20} {each.spec.category:8} {each.origin:8} {each.spec.description}")


@command.command()
@click.argument("name")
@render.json_option
def show(name: str, as_json: bool) -> None:
    """Show the file of one filter, or with `schema` what a filter file may hold.

    \b
    Example:
      tokenpak rtk show test-pytest
    """
    import msgspec

    from tokenpak.engines.rtk.reader import schema

    if name == "schema":
        render.print_json(schema())
        return
    try:
        chosen = _found().catalog.get(name)
    except LookupError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        render.print_json(msgspec.to_builtins(chosen.spec))
        return
    click.echo(f"# {chosen.origin}: {chosen.path}")
    click.echo(msgspec.yaml.encode(_stated(msgspec.to_builtins(chosen.spec))).decode(), nl=False)


def _stated(values: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value not in ((), [], "", 0, None, {})}


@command.command()
@_file
@_command
@render.json_option
def test(file: str, command_line: str | None, as_json: bool) -> None:
    """Print FILE, or standard input for -, as the filter of its command leaves it.

    \b
    Example:
      tokenpak rtk test build.log --command "make -j4"
    """
    from tokenpak.engines.rtk import apply

    text, config = _text(file), _config()
    found = apply(text, command_line, catalog=_found(config).catalog, config=config)
    if as_json:
        render.print_json(
            {"filter": found.filter, "text": found.text, "tokens": found.tokens,
             "saved_tokens": found.saved_tokens, "dropped_lines": found.dropped_lines}
        )  # fmt: skip
        return
    click.echo(found.text.removesuffix("\n"))
    click.echo(
        f"{found.filter or 'too short'}: {found.saved_tokens:,} of {found.tokens:,} tokens saved",
        err=True,
    )


@command.command()
@_file
@_command
@render.json_option
def explain(file: str, command_line: str | None, as_json: bool) -> None:
    """Say why FILE is filtered as it is: command, filter, what must survive, what goes.

    \b
    Example:
      tokenpak rtk explain build.log --command "cd app && make -j4 | tail -40"
    """
    from tokenpak.engines.rtk import apply
    from tokenpak.engines.rtk.alarms import alarms
    from tokenpak.engines.rtk.command import recover

    text, config = _text(file), _config()
    asked = recover(command_line) if command_line else None
    found = apply(text, asked, catalog=_found(config).catalog, config=config)
    lines = text.split("\n")
    flags = alarms(text, lines)
    kept = set(found.text.split("\n"))
    gone = [line for line in lines if line.strip() and line.rstrip() not in kept]
    result = {
        "command": asked.line if asked else None,
        "filter": found.filter,
        "tokens": found.tokens,
        "saved_tokens": found.saved_tokens,
        "lines": len(lines),
        "lines_that_speak_of_problems": flags.count(1),
        "lines_that_sum_up": flags.count(2),
        "lines_changed_or_left_out": len(gone),
    }
    if as_json:
        render.print_json(result | {"left_out": gone[:200]})
        return
    for key, value in result.items():
        click.echo(f"{key.replace('_', ' '):30} {value}")
    for line in gone[:20]:
        click.echo(f"  - {line[:110]}")


@command.command()
@click.option("--all", "every", is_flag=True, help="Also those of the user and of this project.")
@render.json_option
@click.pass_context
def verify(ctx: click.Context, every: bool, as_json: bool) -> None:
    """Run every sample of every filter and check what survives; 1 if one fails.

    \b
    Example:
      tokenpak rtk verify
    """
    from tokenpak.engines.rtk.catalog import load_built_in
    from tokenpak.engines.rtk.verify import verify as outcomes_of

    filters = load_built_in(samples=True)
    if every:
        filters += [f for f in _found().catalog.filters if f.origin != "built-in"]
    outcomes = list(outcomes_of(filters, strict=not every))
    bad = [each for each in outcomes if each.faults]
    tokens = sum(each.tokens for each in outcomes)
    saved = sum(each.saved for each in outcomes)
    if as_json:
        render.print_json(
            {"filters": len(filters), "samples": len(outcomes), "tokens": tokens, "saved": saved,
             "faults": [f"{e.filter}/{e.sample}: {fault}" for e in bad for fault in e.faults]}
        )  # fmt: skip
    else:
        for each in bad:
            for fault in each.faults:
                click.echo(f"{each.filter}/{each.sample}: {fault}")
        click.echo(
            f"{len(filters)} filters, {len(outcomes)} samples, {len(bad)} with faults; "
            f"{saved:,} of {tokens:,} tokens saved"
        )
    ctx.exit(1 if bad else 0)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@render.json_option
def trust(file: Path, as_json: bool) -> None:
    """Let a project's filter FILE be used as it is now.

    \b
    Example:
      tokenpak rtk trust .tokenpak/rtk/build.yaml
    """
    from tokenpak.engines.rtk.trust import Trust
    from tokenpak.settings import load

    Trust(load().home).add(file)
    if as_json:
        render.print_json({"trusted": str(file.resolve())})
    else:
        click.echo(f"{file} is trusted until it changes.")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@render.json_option
@click.pass_context
def untrust(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Let a project's filter FILE be used no more.

    \b
    Example:
      tokenpak rtk untrust .tokenpak/rtk/build.yaml
    """
    from tokenpak.engines.rtk.trust import Trust
    from tokenpak.settings import load

    known = Trust(load().home).remove(file)
    if as_json:
        render.print_json({"removed": known})
    else:
        click.echo(f"{file} is trusted no more." if known else f"{file} was not trusted.")
    ctx.exit(0 if known else 1)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--limit", default=20, show_default=True, help="Programs to show.")
@render.json_option
def discover(files: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show which outputs in transcripts or requests no filter covers, by tokens.

    \b
    Example:
      tokenpak rtk discover ~/.claude/projects/*/*.jsonl
    """
    from dataclasses import asdict

    from tokenpak.engines.rtk.discover import discover as find
    from tokenpak.simulate import transcripts
    from tokenpak.simulate.source import Source
    from tokenpak.wire import get_adapter

    parts = [
        part
        for file in transcripts.find([Path(each) for each in files])
        for talk in transcripts.read(Source(file))
        for part in get_adapter(talk.wire).decode_request(talk.body()).parts
    ]
    found, tokens, saved = find(parts, _found().catalog)
    if as_json:
        rows = [asdict(each) for each in found[:limit]]
        render.print_json({"tokens": tokens, "saved_tokens": saved, "uncovered": rows})
        return
    click.echo(f"{saved:,} of {tokens:,} tokens of shell outputs saved")
    if not found:
        none = "No output of a shell is long enough to be filtered."
        click.echo("Every program has a filter." if tokens else none)
        return
    rows_ = [(e.program, f"{e.outputs:,}", f"{e.tokens:,}", f"{e.saved:,}") for e in found[:limit]]
    render.print_table("Without a filter", ("program", "outputs", "tokens", "saved"), rows_)


@command.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--whole", is_flag=True, help="Show nothing until the command has ended.")
@click.pass_context
def run(ctx: click.Context, words: tuple[str, ...], whole: bool) -> None:
    """Run a command and print its filtered output; the exit code is the command's own.

    Output and errors appear in their order while the command runs, in pieces that are filtered
    each by itself. What is left out is kept, redacted, in the file that the last line names.

    \b
    Example:
      tokenpak rtk run -- pytest -q
    """
    from tokenpak.engines.rtk.running import Runner
    from tokenpak.recovery import RecoveryStore
    from tokenpak.settings import load

    chosen = load()
    store = None
    if chosen.recovery:
        store = RecoveryStore(
            chosen.raw_folder, chosen.recovery_mb << 20, chosen.recovery_days * 86400.0
        )
    out = sys.stdout.buffer

    def show(text: str) -> None:
        out.write(text.encode("utf-8", "surrogateescape"))
        out.flush()

    config = _config()
    ctx.exit(Runner(_found(config).catalog, store, show, config, whole=whole).run(words))
