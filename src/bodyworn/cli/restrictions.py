"""``bodyworn restrictions``: recordings that only the people on their own list may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import (
    JsonOption,
    LibraryOption,
    NamesAllMissing,
    PersonArgument,
    RecordingArgument,
    WhyOption,
    opened,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bodyworn.domain.restriction import Restriction, RestrictionCategory

app = typer.Typer(help="Restricted recordings: place, lift, admit, dismiss, list.", no_args_is_help=True)

Category = Annotated[
    str, typer.Option("--category", metavar="TEXT", help="juvenile, medical, internal_affairs or privileged.")
]
Restricted = Annotated[str, typer.Argument(metavar="RECORDING", help="ID of a restricted recording.")]


@app.command(cls=NamesAllMissing)
def place(
    recording: RecordingArgument,
    category: Category,
    why: WhyOption,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Let nobody see a recording, or what was made of it, but the people on its list; you are on it."""
    with opened(library) as chosen:
        placed = chosen.restrictions.place(chosen.recordings.get(recording), _category(category), why)
    _give([placed], json_to)


@app.command(cls=NamesAllMissing)
def lift(
    recording: Restricted, category: Category, why: WhyOption, library: LibraryOption = None, json_to: JsonOption = None
) -> None:
    """Take a category away; without any left, roles and units count again."""
    with opened(library) as chosen:
        lifted = chosen.restrictions.lift(chosen.restrictions.get(recording), _category(category), why)
    _give([lifted], json_to)


@app.command(cls=NamesAllMissing)
def admit(
    recording: Restricted,
    person: PersonArgument,
    why: WhyOption,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Put a person on the list of a recording; roles and units still count."""
    with opened(library) as chosen:
        admitted = chosen.restrictions.admit(chosen.restrictions.get(recording), person, why)
    _give([admitted], json_to)


@app.command(cls=NamesAllMissing)
def dismiss(
    recording: Restricted,
    person: PersonArgument,
    why: WhyOption,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Take a person off the list of a recording; it counts at once."""
    with opened(library) as chosen:
        dismissed = chosen.restrictions.dismiss(chosen.restrictions.get(recording), person, why)
    _give([dismissed], json_to)


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the recordings that are or were restricted, with the people on their lists."""
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        every = chosen.restrictions.list()
        chosen.restrictions.listed(len(every))
    give(json_to, (to_json(one) for one in every), lambda: _show(every), lines=True)


def _category(text: str) -> RestrictionCategory:
    from bodyworn.domain.account import named_member
    from bodyworn.domain.restriction import RestrictionCategory

    return named_member(RestrictionCategory, text, "category")


def _give(found: Sequence[Restriction], json_to: str | None) -> None:
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    give(json_to, [to_json(one) for one in found], lambda: _show(found))


def _show(found: Sequence[Restriction]) -> None:
    from bodyworn.cli.screen import show_table

    columns = ("recording", "restricted as", "who may see it", "last change (UTC)", "by")
    rows = [
        (
            one.recording,
            ", ".join(category.value for category in one.categories) or "no longer",
            ", ".join(account.partition(":")[2] for account in one.admitted) or "nobody",
            f"{one.steps[-1].at:%Y-%m-%d %H:%M}",
            str(one.steps[-1].by),
        )
        for one in found
    ]
    show_table(None, columns, rows)
