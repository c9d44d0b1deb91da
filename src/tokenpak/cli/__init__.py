"""The command line: a table of commands, each in a file of its own, loaded when it is called."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

import click

from tokenpak import __version__
from tokenpak.errors import TokenPakError


class Entry(NamedTuple):
    """One command: the module whose `command` it is, and its line in the group's help."""

    module: str
    help: str


# To add a command: a file in this folder and a line here.
COMMANDS = {
    "serve": Entry("tokenpak.cli.serve", "Run the proxy in the foreground."),
    "demo": Entry("tokenpak.cli.demo", "Replay a recorded session, with and without TokenPak."),
    "compress": Entry(
        "tokenpak.cli.compress", "Show what packing does to a file; nothing is sent."
    ),
    "simulate": Entry(
        "tokenpak.cli.simulate", "Show what packing would have saved on recorded sessions."
    ),
    "stats": Entry("tokenpak.cli.stats", "Show what passed through the proxy and what it saved."),
    "savings": Entry("tokenpak.cli.savings", "Show what requests cost, with TokenPak and without."),
    "cache": Entry("tokenpak.cli.cache", "Show what the providers' caches served and what broke."),
    "show": Entry("tokenpak.cli.show", "Show what was left out of a conversation."),
    "index": Entry("tokenpak.cli.index", "Index code and notes, once or as they change."),
    "search": Entry("tokenpak.cli.search", "Find indexed files, without a model."),
    "vault": Entry("tokenpak.cli.vault", "Look at the index, or run it as a service."),
    "calibrate": Entry("tokenpak.cli.calibrate", "Find how many processes index fastest here."),
    "rtk": Entry("tokenpak.cli.rtk", "Try, verify and trust the filters of tool outputs."),
    "template": Entry("tokenpak.cli.template", "Look at recipes, try them, put one in force."),
    "config": Entry("tokenpak.cli.config", "Show the settings in force and where they come from."),
}


class Group(click.Group):
    """A group that shows the whole first sentence of each command, and what there is instead of a
    command that there is not."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = ", ".join(self.list_commands(ctx))
            ctx.fail(f"unknown command {args[0]!r}; known: {known}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.line(ctx, name)) for name in self.list_commands(ctx)])

    def line(self, ctx: click.Context, name: str) -> str:
        """What is said of the command *name* in the list of all."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(limit=1000) if command else ""


class Table(Group):
    """The group of COMMANDS: it imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name].module).command
        assert isinstance(command, click.Command)
        return command

    def line(self, ctx: click.Context, name: str) -> str:
        return COMMANDS[name].help


@click.group(cls=Table, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tokenpak")
def root() -> None:
    """Smaller requests for LLM agents, the same answers.

    \b
    Example:
      tokenpak demo
    """


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives 0 when it is done, 1 when it failed, 2 when it was misused."""
    try:
        code = root.main(args=argv, prog_name="tokenpak", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 1
    except (TokenPakError, OSError) as error:
        click.echo(f"tokenpak: {_one_line(error)}", err=True)
        return 1
    finally:
        sys.stdout.flush()
    return code if isinstance(code, int) else 0


_ROOM = "; make room on the disk of TokenPak's home and of the output, then run it again"
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EACCES: "; see to its rights, or set TOKENPAK_HOME to a folder of your own",
    errno.EROFS: "; set TOKENPAK_HOME to a folder that can be written",
}


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
        return f"{where}{error.strerror}{_REMEDIES.get(error.errno or 0, '')}"
    return " ".join(str(error).split()) or type(error).__name__
