"""The tree of commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn import __version__
from bodyworn.cli import (
    custody,
    disposals,
    encounters,
    findings,
    holds,
    library,
    people,
    recordings,
    redactions,
    releases,
    restrictions,
    retention,
)
from bodyworn.cli.analyze import analyze
from bodyworn.cli.demo import demo
from bodyworn.cli.doctor import doctor
from bodyworn.cli.login import login, logout
from bodyworn.cli.redact import redact
from bodyworn.cli.serve import serve
from bodyworn.cli.verify import verify

if TYPE_CHECKING:
    from typer._click.core import Command, Parameter

app = typer.Typer(
    name="bodyworn",
    help="Body-worn camera footage: take it into custody, find the moments that matter, let people decide.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(analyze)
app.add_typer(recordings.app, name="recordings")
app.add_typer(encounters.app, name="encounters")
app.add_typer(findings.app, name="findings")
app.add_typer(custody.app, name="custody")
app.add_typer(library.app, name="library")
app.command()(redact)
app.add_typer(redactions.app, name="redactions")
app.add_typer(releases.app, name="releases")
app.add_typer(retention.app, name="retention")
app.add_typer(holds.app, name="holds")
app.add_typer(disposals.app, name="disposals")
app.add_typer(people.app, name="people")
app.add_typer(restrictions.app, name="restrictions")
app.command()(login)
app.command()(logout)
app.command()(verify)
app.command()(serve)
app.command()(doctor)
app.command()(demo)


def tree() -> Command:
    """All commands as they are run: each also has the options that every command has."""
    root = typer.main.get_command(app)
    shared = _shared_options()
    for command in (root, *leaves(root).values()):
        command.params.extend(shared)
        _name_values(command)
    return root


#: What an option's value is called in the help where it has no name of its own, by what its type is called.
_VALUES = {"Path": "FILE", "int": "N", "float": "NUMBER"}


def _name_values(command: Command) -> None:
    """Call values of options what people call them; without this the help shows types of Python."""
    for one in command.params:
        if one.param_type_name == "option" and one.metavar is None and not getattr(one, "is_flag", False):
            kind = str(getattr(one, "type_descriptor", ""))
            one.metavar = next((name for word, name in _VALUES.items() if re.search(rf"\b{word}\b", kind)), "TEXT")


def leaves(command: Command, path: str = "") -> dict[str, Command]:
    """The commands below ``command`` by what is typed, such as ``"custody log"``."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {path: command}
    return {name: leaf for key in inner for name, leaf in leaves(inner[key], f"{path} {key}".strip()).items()}


def _quiet(value: bool) -> None:
    if value:
        from bodyworn.cli.screen import be_quiet

        be_quiet(True)


def _on_every_command(
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet",
            "-q",
            callback=_quiet,
            expose_value=False,
            help="No progress and no remarks on the error stream; errors are still told.",
        ),
    ] = False,
) -> None:
    """Its options are put on every command."""


def _shared_options() -> list[Parameter]:
    donor = typer.Typer(add_completion=False)
    donor.command()(_on_every_command)
    return list(typer.main.get_command(donor).params)


def _version(value: bool) -> None:
    if value:
        print(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Body-worn camera footage: custody, findings, decisions."""
