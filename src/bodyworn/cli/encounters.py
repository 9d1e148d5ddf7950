"""``bodyworn encounters``: which recordings belong to one call or stop, and what is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, VerboseOption, WhyOption, opened
from bodyworn.cli.release_options import PersonOption

if TYPE_CHECKING:
    from bodyworn.encounters.statements import Statement

_HELP = "ID of an encounter, the beginning of one, or a recording of it."
EncounterArgument = Annotated[str, typer.Argument(metavar="ENCOUNTER", help=_HELP)]
EncountersArgument = Annotated[list[str], typer.Argument(metavar="ENCOUNTER…", help=_HELP)]

app = typer.Typer(
    help="Calls and stops: list, show, propose, join, decline, split, edit, sync, transcript, findings, import.",
    no_args_is_help=True,
)


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None, verbose: VerboseOption = False) -> None:
    """List the encounters, and which of them may be one; a recording that nobody joined is an encounter by itself."""
    from bodyworn.cli.encounter_screens import listed_json, show_list
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        every, proposals = chosen.encounters.list(), chosen.encounters.proposals()
        chosen.encounters.listed(len(every))
    documents = (listed_json(one, proposals) for one in every)
    give(json_to, documents, lambda: show_list(every, proposals, verbose=verbose), lines=True)


@app.command()
def show(encounter: EncounterArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show the recordings of an encounter, every fact with its source, and what it may be one with."""
    from bodyworn.cli.encounter_screens import show_encounter, shown_json
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        one = chosen.encounters.get(encounter)
        chosen.encounters.viewed(one, "facts")
        sheet, proposals = chosen.encounters.facts(one), chosen.encounters.proposals(one)
    give(json_to, [shown_json(one, sheet, proposals)], lambda: show_encounter(one, sheet, proposals))


@app.command()
def join(
    encounters: EncountersArgument,
    why: WhyOption = "",
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Make one encounter of two or more; without a reason, that of the proposal is kept."""
    from bodyworn.cli.encounter_screens import encounter_json, show_members
    from bodyworn.cli.screen import give

    with opened(library, stated_name=stated_name) as chosen:
        joined = chosen.encounters.join([chosen.encounters.get(one) for one in encounters], why)
    give(json_to, [encounter_json(joined)], lambda: show_members(joined))


@app.command()
def propose(
    by_sound: Annotated[
        bool, typer.Option("--by-sound", help="First compare recordings by sound that nothing else settles.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="With --by-sound: compare at most so many pairs.")] = 20,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Show which encounters may be one, and why; on request, after listening to them."""
    from bodyworn.cli.encounter_screens import say_compared, show_proposals
    from bodyworn.cli.screen import give, one_bar
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        if by_sound:
            with one_bar("sound") as progress:
                found = chosen.encounters.compare_sound(most, progress)
            say_compared(found)
        proposals = chosen.encounters.proposals()
    give(json_to, map(to_json, proposals), lambda: show_proposals(proposals), lines=True)


@app.command()
def decline(
    encounter: EncounterArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help=_HELP)],
    why: WhyOption,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Say that two encounters are not one, although that is proposed; it is not proposed again for the same reasons."""
    from bodyworn.cli.screen import give, show

    with opened(library, stated_name=stated_name) as chosen:
        one, second = chosen.encounters.get(encounter), chosen.encounters.get(other)
        chosen.encounters.decline(one, second, why)
    give(
        json_to,
        [{"one": one.id, "other": second.id, "why": why}],
        lambda: show(f"{one.id} and {second.id} are not proposed as one again for these reasons"),
    )


@app.command()
def split(
    encounter: EncounterArgument,
    recordings: Annotated[
        list[str], typer.Argument(metavar="RECORDING…", help="IDs or names of the recordings that leave it together.")
    ],
    why: WhyOption,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Take recordings out of an encounter; those named together are an encounter of their own then."""
    from bodyworn.cli.encounter_screens import encounter_json, show_members
    from bodyworn.cli.screen import give

    with opened(library, stated_name=stated_name) as chosen:
        parted = chosen.encounters.split(chosen.encounters.get(encounter), recordings, why)
    give(json_to, [encounter_json(parted)], lambda: show_members(parted))


@app.command()
def edit(
    encounter: EncounterArgument,
    why: WhyOption,
    number: Annotated[str | None, typer.Option("--number", help="Dispatch number.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="When it was: 2026-03-01, or 2026-03-01T14:05-07:00.")
    ] = None,
    place: Annotated[str | None, typer.Option("--place", help="Where it was.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Which unit was there.")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why there was contact, such as speeding or welfare_check.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="How it ended: warning, citation, arrest, transport or none.")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option("--person", metavar="ROLE=NAME", help="A person of it by role; repeatable.")
    ] = None,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """State facts of an encounter; an empty text takes back what you stated before. Other sources stay beside it."""
    from bodyworn.cli.encounter_screens import show_encounter, shown_json
    from bodyworn.cli.screen import give

    said = {"dispatch_number": number, "date": date, "place": place, "unit": unit}
    named = {**said, "reason": reason, "outcome": outcome}
    with opened(library, stated_name=stated_name) as chosen:
        one = chosen.encounters.get(encounter)
        sheet = chosen.encounters.edit(one, _statements(named, person or ()), why)
        proposals = chosen.encounters.proposals(one)
    give(json_to, [shown_json(one, sheet, proposals)], lambda: show_encounter(one, sheet, proposals))


@app.command()
def sync(
    encounter: EncounterArgument,
    said: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="RECORDING=SECONDS",
            help="Where a recording begins after the first; or =sound, to measure it again. Repeatable.",
        ),
    ] = None,
    stated_name: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Put the recordings of an encounter in step by the sound that they share, or set how they lie in time."""
    from bodyworn.cli.encounter_screens import encounter_json, show_members
    from bodyworn.cli.screen import give, one_bar

    with opened(library, stated_name=stated_name) as chosen, one_bar("sync") as progress:
        one = chosen.encounters.sync(chosen.encounters.get(encounter), _places(said or ()), progress)
    give(json_to, [encounter_json(one)], lambda: show_members(one))


@app.command()
def transcript(
    encounter: EncounterArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show the one transcript of an encounter: each utterance from the recording that hears it best."""
    from bodyworn.cli.joined_screens import show_transcript
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        one = chosen.encounters.get(encounter)
        chosen.encounters.viewed(one, "transcript")
        joined = chosen.findings.joined_transcript(one)
    give(json_to, [to_json(joined)], lambda: show_transcript(joined, verbose=verbose))


@app.command()
def findings(
    encounter: EncounterArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show the findings of an encounter: each moment once, with what every recording tells of it."""
    from bodyworn.cli.joined_screens import show_findings
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        one = chosen.encounters.get(encounter)
        chosen.encounters.viewed(one, "findings")
        told = chosen.findings.joined_findings(one)
    give(json_to, [to_json(told)], lambda: show_findings(told, verbose=verbose))


def _places(said: list[str] | tuple[()]) -> dict[str, str]:
    from bodyworn.domain.errors import InputError

    found = {}
    for one in said:
        recording, equals, seconds = one.rpartition("=")
        if not equals:
            raise InputError(f"it is not clear where {one!r} begins", "Write it as RECORDING=SECONDS")
        found[recording] = seconds
    return found


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON of a dispatch or records system.")],
    mapping: Annotated[Path | None, typer.Option(help="Which field of a record means what (TOML).")] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Import dispatch records by a mapping file; rows that cannot be taken are told with the reason."""
    from bodyworn.cli.encounter_screens import show_import
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json
    from bodyworn.domain.counting import counted
    from bodyworn.domain.errors import InputError

    with opened(library) as chosen:
        report = chosen.encounters.import_records(file, mapping)
    give(json_to, [to_json(report)], lambda: show_import(report))
    if report.quarantined_rows:
        what = f"{counted(report.quarantined_rows, 'row')} of the file could not be taken; the others are done"
        raise InputError(what, "Correct them where the file comes from, and import it again")


def _statements(named: dict[str, str | None], people: list[str] | tuple[()]) -> list[Statement]:
    from bodyworn.domain.encounter_facts import FactKind
    from bodyworn.domain.errors import InputError
    from bodyworn.encounters.statements import Statement

    found = [Statement(FactKind(kind), value) for kind, value in named.items() if value is not None]
    for person in people:
        role, equals, name = person.partition("=")
        if not equals:
            raise InputError(f"it is not clear which role {person!r} has", "Write it as ROLE=NAME")
        found.append(Statement(FactKind.PERSON, name, role.strip()))
    return found
