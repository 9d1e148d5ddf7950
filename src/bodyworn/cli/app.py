"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from bodyworn import __version__
from bodyworn.cli import custody, findings, recordings, redactions, releases
from bodyworn.cli.analyze import analyze
from bodyworn.cli.demo import demo
from bodyworn.cli.doctor import doctor
from bodyworn.cli.redact import redact
from bodyworn.cli.serve import serve
from bodyworn.cli.verify import verify

app = typer.Typer(
    name="bodyworn",
    help="Body-worn camera footage: take it into custody, find the moments that matter, let people decide.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(analyze)
app.add_typer(recordings.app, name="recordings")
app.add_typer(findings.app, name="findings")
app.add_typer(custody.app, name="custody")
app.command()(redact)
app.add_typer(redactions.app, name="redactions")
app.add_typer(releases.app, name="releases")
app.command()(verify)
app.command()(serve)
app.command()(doctor)
app.command()(demo)


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
