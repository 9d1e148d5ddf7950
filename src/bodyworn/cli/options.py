"""Options that many commands share, and the library they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from typer._click.core import Context

    from bodyworn.bootstrap import Library

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="Library folder [default: $BODYWORN_LIBRARY, or ./library]."),
]
FilesArgument = Annotated[
    list[Path],
    typer.Argument(help="Video or audio files, or folders of them.", metavar="FILE…", readable=False),
]
RecordingArgument = Annotated[
    str, typer.Argument(metavar="RECORDING", help="ID of a recording, the beginning of one, or the file's name.")
]


PersonArgument = Annotated[str, typer.Argument(metavar="PERSON", help="The name the person signs in with.")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept with the act.")]
VerboseOption = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Whole IDs, and which stage, detector or model proposed each thing."),
]


def _place(value: str | None) -> str | None:
    from bodyworn.cli.screen import check_place

    check_place(value)
    return value


JsonOption = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="PATH|-",
        callback=_place,
        help="Write the result as JSON to a file, or to the output stream (-); each item of a list on its own line.",
    ),
]


class NamesAllMissing(TyperCommand):
    """A command that names all required options which were not given, not only the first."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """As every command does; one sentence for all that is missing."""
        if args and not {"-h", "--help"} & set(args):
            given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
            options = [one for one in self.params if one.required and one.param_type_name == "option"]
            missing = [one.opts[0] for one in options if one.name not in given]
            if len(missing) > 1:
                ctx.fail(f"Missing options: {', '.join(missing)}.")
        return super().parse_args(ctx, args)


@contextmanager
def opened(
    folder: Path | None,
    *,
    create: bool = False,
    read_only: bool = False,
    examine: bool = False,
    source: str = "cli",
    stated_name: str | None = None,
    signed_in: bool = True,
) -> Iterator[Library]:
    """The library a command works in, for the person who acts.

    That is who signed in, where the library has accounts; else the account of the operating system, with a name that
    was typed (``--as``). Whoever only examines a library, or cannot write to it, need not sign in: what is told of it
    is whether it holds.
    """
    from bodyworn.access.identity import local_actor
    from bodyworn.access.policy import LocalPolicy
    from bodyworn.bootstrap import open_library
    from bodyworn.settings import default_library

    chosen = folder or default_library()
    actor = local_actor(source, stated_name)
    policy = LocalPolicy() if read_only else None
    library = open_library(chosen, create=create, actor=actor, read_only=read_only, examine=examine, policy=policy)
    try:
        yield _for_who_acts(library, stated_name) if signed_in and not (examine or read_only) else library
        if library.audit_log.clock_set_back is not None:
            from bodyworn.cli.screen import say

            say(f"the clock of this machine was set back: the newest entry is {library.audit_log.clock_set_back.ahead}")
    finally:
        _leave(library)


def _for_who_acts(library: Library, stated_name: str | None) -> Library:
    from bodyworn.cli.kept_session import WAY, kept_token
    from bodyworn.domain.errors import Denied

    acting = library.signed_in(kept_token(library.folder), WAY)
    if stated_name is not None and acting is not library:
        raise Denied(
            "this library has accounts, so no name can be stated beside them", "Sign in as the person who acts"
        )
    return acting


def _leave(library: Library) -> None:
    """Seal and close. A log that does not hold is told at the end: what the command did is shown first."""
    from bodyworn.cli.exits import tell_at_the_end
    from bodyworn.domain.errors import CustodyError

    try:
        library.__exit__()
    except CustodyError as error:
        tell_at_the_end(error)
