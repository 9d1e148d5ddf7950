"""``bodyworn disposals``: recordings go, by rules and by two people, with a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened
from bodyworn.cli.release_options import PersonOption
from bodyworn.cli.retention import RulesOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from bodyworn.bootstrap import Library
    from bodyworn.domain.retention import Disposal

DisposalArgument = Annotated[str, typer.Argument(metavar="DISPOSAL", help="ID of a disposal, or the beginning of one.")]
app = typer.Typer(help="Let recordings go for good: propose, approve, carry out, certificate.", no_args_is_help=True)


@app.command()
def propose(
    rules: RulesOption,
    recordings: Annotated[
        list[str] | None, typer.Argument(metavar="[RECORDING…]", help="IDs or names [default: all that are due].")
    ] = None,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Propose that recordings go that are due by the rules; the rules file is kept with it. Nothing is removed."""
    from bodyworn.retention.rules import read_rules

    read, data = read_rules(rules)
    _act(
        library,
        stated_name,
        json_to,
        lambda chosen: chosen.disposals.propose([chosen.recordings.get(one) for one in recordings or ()], read, data),
    )


@app.command()
def approve(
    disposal: DisposalArgument,
    note: Annotated[str, typer.Option("--note", help="A note, kept with the approval.")] = "",
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Approve a disposal; two different people have to."""
    _act(
        library,
        stated_name,
        json_to,
        lambda chosen: chosen.disposals.approve(chosen.disposals.get(disposal), note),
    )


@app.command()
def withdraw(
    disposal: DisposalArgument,
    why: Annotated[str, typer.Option("--why", help="The reason, kept with the act.")],
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Take back a disposal that was not begun."""
    _act(
        library,
        stated_name,
        json_to,
        lambda chosen: chosen.disposals.withdraw(chosen.disposals.get(disposal), why),
    )


@app.command(name="execute")
def carry_out(
    disposal: DisposalArgument,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Remove all that an approved disposal names, or complete one that was stopped. Nothing can be brought back."""
    _act(
        library,
        stated_name,
        json_to,
        lambda chosen: chosen.disposals.carry_out(chosen.disposals.get(disposal)),
    )


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the disposals."""
    from bodyworn.cli.retention_screens import disposal_json, show_disposals
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        every = chosen.disposals.list()
        chosen.disposals.listed(len(every))
    give(json_to, (disposal_json(one) for one in every), lambda: show_disposals(every), lines=True)


@app.command()
def show(disposal: DisposalArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show a disposal: which recordings, by which rules, who did what, and what stays of them."""
    from bodyworn.cli.retention_screens import disposal_json, show_disposal
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        one = chosen.disposals.get(disposal)
        chosen.disposals.viewed(one)
        left = chosen.disposals.tombstones_of(one)
    document = {**disposal_json(one), "tombstones": [to_json(each) for each in left]}
    give(json_to, [document], lambda: show_disposal(one, left))


@app.command()
def certificate(
    disposal: DisposalArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write DISPOSAL.json and DISPOSAL.txt here."),
    ] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Show or write the certificate of a disposal that is done, with its proof in the signed audit log."""
    from bodyworn.cli.retention_screens import write_certificate
    from bodyworn.cli.screen import give, show
    from bodyworn.domain.codec import to_json
    from bodyworn.retention.certificate import as_text

    with opened(library) as chosen:
        one = chosen.disposals.get(disposal)
        certified = chosen.disposals.certificate(one)
        chosen.disposals.viewed(one)
    if out is not None:
        write_certificate(out, one.id, certified)
    text = f"certificate: {out / one.id}.json and .txt" if out is not None else as_text(certified)
    give(json_to, [to_json(certified)], lambda: show(text))


def _act(
    library: Path | None, stated_name: str | None, json_to: str | None, act: Callable[[Library], Disposal]
) -> None:
    """Do something to a disposal, and show it as it is then."""
    from bodyworn.cli.retention_screens import disposal_json, show_disposal
    from bodyworn.cli.screen import give

    with opened(library, stated_name=stated_name) as chosen:
        done = act(chosen)
    give(json_to, [disposal_json(done)], lambda: show_disposal(done, ()))
