"""Options that many commands share, and the library they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="Library folder [default: $BODYWORN_LIBRARY, or ./library]."),
]
FilesArgument = Annotated[
    list[Path],
    typer.Argument(help="Video or audio files, or folders of them.", metavar="FILE…", readable=False),
]
JsonOption = Annotated[
    str | None, typer.Option("--json", metavar="PATH|-", help="Write JSON; several recordings give one line each.")
]


@contextmanager
def opened(
    folder: Path | None,
    *,
    create: bool = False,
    read_only: bool = False,
    source: str = "cli",
    stated_name: str | None = None,
) -> Iterator[Library]:
    """The library a command works in, for the account of the operating system and a name that was typed (``--as``)."""
    from bodyworn.access.identity import local_actor
    from bodyworn.bootstrap import open_library
    from bodyworn.settings import default_library

    chosen = folder or default_library()
    actor = local_actor(source, stated_name)
    with open_library(chosen, create=create, actor=actor, read_only=read_only) as library:
        yield library
