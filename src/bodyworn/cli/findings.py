"""``bodyworn findings``: what the stages heard and saw."""

from __future__ import annotations

import typer

app = typer.Typer(help="What the stages heard and saw in a recording.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """What the stages heard and saw in a recording."""
