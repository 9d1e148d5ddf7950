"""``bodyworn holds``: recordings and encounters that must be kept, whatever the rules say."""

from __future__ import annotations

from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, NamesAllMissing, WhyOption, opened
from bodyworn.cli.release_options import PersonOption

app = typer.Typer(help="Legal holds: place, release, list.", no_args_is_help=True)


@app.command(cls=NamesAllMissing)
def place(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A recording, or the ID of an encounter with all its recordings.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why it must be kept.")],
    holder: Annotated[str, typer.Option("--holder", metavar="NAME", help="For whom: a case, a court, a desk.")],
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Keep a recording or an encounter until the hold is released; a hold wins over every rule."""
    from bodyworn.cli.retention_screens import show_holds
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library, stated_name=stated_name) as chosen:
        placed = chosen.holds.place(subject, reason, holder)
    give(json_to, [to_json(placed)], lambda: show_holds([placed]))


@app.command()
def release(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help="ID of a hold, or the beginning of one.")],
    why: WhyOption,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """End a hold; the rules count again from then on."""
    from bodyworn.cli.retention_screens import show_holds
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library, stated_name=stated_name) as chosen:
        ended = chosen.holds.release(chosen.holds.get(hold), why)
    give(json_to, [to_json(ended)], lambda: show_holds([ended]))


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the holds, those that ended too."""
    from bodyworn.cli.retention_screens import show_holds
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        every = chosen.holds.list()
        chosen.holds.listed(len(every))
    give(json_to, (to_json(one) for one in every), lambda: show_holds(every), lines=True)
