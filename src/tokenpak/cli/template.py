"""`tokenpak template`: recipes, looked at, checked, tried on a file and put in force."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tokenpak.cli import Group, render

if TYPE_CHECKING:
    from tokenpak.recipes import Entry, Recipe

_TYPES = ("code", "markdown", "json", "tool_result", "system", "text")


@click.group(cls=Group)
def command() -> None:
    """Look at recipes, check and try them, and put one in force.

    \b
    Example:
      tokenpak template test code-review src/app.py --diff
    """


@command.command("list")
@render.json_option
def list_recipes(as_json: bool) -> None:
    """List the recipes that can be used here: of the project, of the user, built in.

    \b
    Example:
      tokenpak template list
    """
    from tokenpak.recipes import read_all
    from tokenpak.settings import load

    settings = load()
    found = read_all(settings.home, Path.cwd())
    for line in found.refused:
        click.echo(f"tokenpak: {line}", err=True)
    if as_json:
        rows = [_about(each) for each in found.entries.values()]
        render.print_json({"recipes": rows, "in_force": settings.recipe or None})
        return
    for name, each in found.entries.items():
        mark = "*" if name == settings.recipe else " "
        click.echo(f"{mark} {name:18} {each.origin:8} {each.recipe.description}")


@command.command()
@click.argument("name")
@render.json_option
def show(name: str, as_json: bool) -> None:
    """Show the file of a recipe, or with `schema` what a recipe may say.

    \b
    Example:
      tokenpak template show code-review
    """
    import msgspec

    from tokenpak.recipes.reader import schema

    if name == "schema":
        render.print_json(schema())
        return
    entry = _entry(name)
    if as_json:
        render.print_json(_about(entry) | {"recipe": msgspec.to_builtins(entry.recipe)})
        return
    click.echo(f"# {entry.origin}: {entry.path}")
    click.echo(Path(entry.path).read_text("utf-8"), nl=False)


@command.command()
@click.argument("name", required=False)
@click.option("--project", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="For conversations about this folder only.")  # fmt: skip
@click.option("--apply", "act", is_flag=True, help="Write the change; without it, show it.")
@click.option("--off", is_flag=True, help="Use no recipe any more; takes no NAME.")
@render.json_option
def use(name: str | None, project: Path | None, act: bool, off: bool, as_json: bool) -> None:
    """Put recipe NAME in force, everywhere or for one project; NAME may be a project's file.

    A file in a project's .tokenpak/recipes/ is thereby trusted until it changes.

    \b
    Examples:
      tokenpak template use code-review --apply
      tokenpak template use .tokenpak/recipes/ours.yaml --project . --apply
      tokenpak template use --off --apply
    """
    from tokenpak.cli.template_use import Change
    from tokenpak.settings import load

    if not name and not off:
        raise click.UsageError("name a recipe, or --off for none; tokenpak template list has all")
    file = recipe = None
    if name and not off:
        file = Path(name) if name.endswith(".yaml") and Path(name).is_file() else None
        recipe = _valid(file) if file else _entry(name, project).recipe
    change = Change(
        home=load().home,
        recipe=recipe.name if recipe else None,
        project=project.resolve() if project else _project_of(file) if file else None,
        file=file,
    )
    if act:
        change.apply()
    if as_json:
        render.print_json({"changes": change.lines(), "applied": act})
        return
    for line in change.lines():
        click.echo(line)
    if not act:
        click.echo("Nothing is written yet; add --apply.")


@command.command()
@click.argument("files", nargs=-1, required=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@render.json_option
@click.pass_context
def validate(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check recipe FILES; 1 if one is wrong, with the place and what is known there.

    \b
    Example:
      tokenpak template validate .tokenpak/recipes/ours.yaml
    """
    from tokenpak.errors import ConfigError

    faults: dict[str, str] = {}
    for file in files:
        try:
            _valid(file)
        except ConfigError as error:
            faults[str(file)] = str(error)
    if as_json:
        render.print_json({"files": len(files), "faults": faults})
    else:
        for fault in faults.values():
            click.echo(fault)
        click.echo(f"{len(files) - len(faults)} of {len(files)} files are valid")
    ctx.exit(1 if faults else 0)


_NEW = """\
# yaml-language-server: $schema=./recipes.schema.json
name: {name}
version: "1.0"
description: {description}
directives:
  # Outputs of commands: through the filter of their program, then their beginning and end.
  - {{type: tool_result, action: filter_output, command: "*"}}
  - {{type: tool_result, action: truncate, head: 60, tail: 40, min_tokens: 3000}}
  # Long code: signatures with their docstrings; short snippets stay whole.
  - {{type: code, action: signature_only, preserve_docstrings: true, min_tokens: 800}}
  # Long prose: without filler words; negations, numbers, names and quotations stay.
  - {{type: text, action: filter_tokens, ratio: 0.7, min_tokens: 200}}
"""


@command.command()
@click.argument("name")
@click.option("--description", default="What this recipe is for.", help="One sentence.")
@click.option("--project", is_flag=True, help="In .tokenpak/recipes/ here, not in your own folder.")
@render.json_option
def new(name: str, description: str, project: bool, as_json: bool) -> None:
    """Write a recipe to begin with; an existing file is never overwritten.

    \b
    Example:
      tokenpak template new our-review --description "How we review"
    """
    import json

    from tokenpak.recipes import read_recipe
    from tokenpak.recipes.reader import schema
    from tokenpak.settings import load

    if not re.fullmatch("[a-z0-9][a-z0-9-]*", name):
        raise click.UsageError(f"{name!r} is no name; expected small letters, digits and hyphens")
    home = load().home
    folder = (Path(".tokenpak") if project else home) / "recipes"
    path = folder / f"{name}.yaml"
    text = _NEW.format(name=name, description=json.dumps(description, ensure_ascii=False))
    read_recipe(text, str(path))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise click.UsageError(f"{path} exists; choose another name") from error
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    (folder / "recipes.schema.json").write_text(written, "utf-8")
    if as_json:
        render.print_json({"path": str(path)})
    else:
        click.echo(f"{path}\nTry it: tokenpak template test {name} FILE --diff")


@command.command()
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--type", "kind", type=click.Choice(_TYPES), help="What FILE is; told by its name.")
@click.option("--command", "line", help="The command that printed FILE; implies tool_result.")
@click.option("--diff", is_flag=True, help="Show what changed, line by line.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write the result to this file.")
@render.json_option
def test(
    name: str, file: str, kind: str | None, line: str | None, diff: bool, out: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Show what recipe NAME makes of FILE, or of standard input for -.

    \b
    Examples:
      tokenpak template test api-design src/app.py --diff
      tokenpak template test ci-failure build.log --command "make all"
    """
    from tokenpak.cli.template_trial import named, trial
    from tokenpak.settings import load

    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    if b"\0" in data:
        raise click.ClickException(f"{file}: is no text, as it holds a byte 0")
    text = data.decode("utf-8", "surrogateescape")
    found = trial(named(name, load()), text, "" if file == "-" else file, kind, line)
    if out:
        Path(out).write_bytes(found.text.encode("utf-8", "surrogateescape"))
    if as_json:
        render.print_json(found.figures())
        return
    click.echo(found.summary())
    if diff:
        lines = difflib.unified_diff(
            text.splitlines(), found.text.splitlines(), "before", "after", lineterm=""
        )
        click.echo("\n" + "\n".join(lines).encode("utf-8", "replace").decode("utf-8"))


def _about(entry: Entry) -> dict[str, object]:
    recipe = entry.recipe
    return {
        "name": recipe.name,
        "version": recipe.version,
        "description": recipe.description,
        "directives": len(recipe.directives),
        "origin": entry.origin,
        "path": entry.path,
    }


def _entry(name: str, project: Path | None = None) -> Entry:
    from tokenpak.recipes import find
    from tokenpak.settings import load

    try:
        return find(name, load().home, project or Path.cwd())
    except LookupError as error:
        raise click.UsageError(str(error.args[0])) from error


def _valid(file: Path) -> Recipe:
    from tokenpak.recipes.catalog import read_file

    return read_file(file)


def _project_of(file: Path) -> Path | None:
    """The folder of a project whose recipe *file* is; None for a file elsewhere."""
    folder = file.resolve().parent
    is_project = folder.name == "recipes" and folder.parent.name == ".tokenpak"
    return folder.parent.parent if is_project else None
