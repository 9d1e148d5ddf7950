"""``bodyworn releases``: from a redaction to a package that the public can verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened
from bodyworn.cli.verify import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bodyworn.domain.release import Release

app = typer.Typer(help="Clips that leave the house: make, approve, publish, withdraw, verify.", no_args_is_help=True)
app.command()(verify)

ReleaseArgument = Annotated[str, typer.Argument(metavar="RELEASE", help="Id of a release, or the beginning of one.")]
PersonOption = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="Who acts [default: the account of the system]."),
]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")]


@app.command()
def keys(
    agency: Annotated[str, typer.Option(help="Name of the agency, as it stands in the certificate.")],
    unencrypted: Annotated[bool, typer.Option(help="Keep the key without a passphrase.")] = False,
) -> None:
    """Make the agency's authority and signing key, outside of any library."""
    import datetime as dt

    from bodyworn.custody.certificates import make_identity, save_identity
    from bodyworn.domain.errors import CustodyError
    from bodyworn.releases.identities import PASSPHRASE, passphrase, signing_folder

    secret = None if unencrypted else passphrase()
    if secret is None and not unencrypted:
        raise CustodyError("a signing key wants a passphrase", f"Set {PASSPHRASE}, or say --unencrypted")
    identity = make_identity(agency, dt.datetime.now(dt.UTC))
    save_identity(identity, signing_folder(), secret)
    typer.echo(f"key and certificates: {signing_folder()}")
    if unencrypted:
        typer.echo("the key is NOT encrypted: whoever reads this folder can sign in the agency's name")
    typer.echo("publish authority.pem on the agency's own site; its SHA-256 fingerprint is")
    typer.echo(identity.authority_fingerprint)


@app.command()
def make(
    recording: Annotated[str, typer.Argument(help="Id of the recording, the beginning of one, or its name.")],
    agency: Annotated[str, typer.Option(help="Who releases.")],
    requester: Annotated[str, typer.Option(help="Who asked for it.")],
    request_date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="When they asked.")],
    authority: Annotated[str, typer.Option(help="The legal basis of the release.")],
    title: Annotated[str, typer.Option(help="Title of the clip.")],
    caption: Annotated[str, typer.Option(help="Text that goes with it.")] = "",
    credit: Annotated[str, typer.Option(help="Credit line of clip and still.")] = "",
    still: Annotated[float | None, typer.Option(metavar="SECONDS", help="Take the still here, in the clip.")] = None,
    officer_notified: Day = None,
    family_notified: Day = None,
    incident_date: Day = None,
    complaint_date: Day = None,
    rules: Annotated[
        Path | None, typer.Option(help="Rules file for deadlines and grounds; see docs/releases.md.")
    ] = None,
    redaction: Annotated[
        str | None,
        typer.Option(metavar="REDACTION", help="What is hidden [default: the recording's last changed redaction]."),
    ] = None,
    again: Annotated[str | None, typer.Option(help="A release to render anew; its approvals are void then.")] = None,
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Render a recording by its redaction, check the clip for leaks, and open a release for it."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.releases.clock import grounds
    from bodyworn.releases.making import make_from_redaction
    from bodyworn.releases.service import ReleaseRequest

    dates = {"incident": incident_date, "complaint": complaint_date, "request": request_date}
    terms = ReleaseRequest(
        agency=agency,
        requester=requester,
        request_date=request_date,
        authority=authority,
        title=title,
        caption=caption,
        credit=credit or agency,
        still_ms=round(still * 1000) if still is not None else None,
        officer_notified=officer_notified,
        family_notified=family_notified,
        deadlines=_deadlines(rules, dates),
        basis=grounds(rules) if rules is not None else {},
    )
    with opened(library, actor=person) as chosen:
        before = chosen.releases.get(again) if again else None
        one = chosen.recordings.get(recording)
        hides = chosen.redactions.get(redaction) if redaction else chosen.redactions.newest_of(one)
        original = chosen.recordings.file_of(one)
        with one_bar("release") as progress:
            release = make_from_redaction(
                chosen.releases, chosen.redactions, hides, one, original, terms, again=before, progress=progress
            )
    for line in _summary(release):
        say(line)
    typer.echo(release.id)


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the releases."""
    from bodyworn.cli.screen import show_table, write_json
    from bodyworn.domain.event import Tag

    with opened(library) as chosen:
        every = chosen.releases.list()
        chosen.audit_log.append(Tag.RELEASES_VIEWED, "releases", {"count": len(every)})
    if json_to is not None:
        write_json([_as_json(one) for one in every], json_to)
    if json_to != "-":
        rows = [
            (
                one.id,
                one.state.value.replace("_", " "),
                f"{one.render.at:%Y-%m-%d}",
                one.render.detail["terms"]["title"],
            )
            for one in every
        ]
        show_table(None, ("release", "state", "made", "what"), rows)


@app.command()
def show(release: ReleaseArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show one release: its state, what was done, and the leaks that the check reported."""
    from bodyworn.cli.screen import show_table, write_json
    from bodyworn.domain.event import Tag

    with opened(library) as chosen:
        one = chosen.releases.get(release)
        chosen.audit_log.append(Tag.RELEASES_VIEWED, one.id)
    if json_to is not None:
        write_json([_as_json(one)], json_to)
    if json_to != "-":
        for line in _summary(one):
            typer.echo(line)
        rows = [(f"{step.at:%Y-%m-%d %H:%M}", step.by, step.act.value.replace("_", " ")) for step in one.steps]
        show_table(None, ("when (UTC)", "who", "what"), rows)


@app.command()
def review(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option(help="What was looked at and decided.")],
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Say that every leak that the check reported was looked at."""
    with opened(library, actor=person) as chosen:
        done = chosen.releases.review_leaks(chosen.releases.get(release), note)
    typer.echo("\n".join(_summary(done)))


@app.command()
def approve(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option(help="Anything to remember.")] = "",
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Approve exactly these bytes; two different people have to."""
    with opened(library, actor=person) as chosen:
        done = chosen.releases.approve(chosen.releases.get(release), note)
    typer.echo("\n".join(_summary(done)))


@app.command()
def publish(
    release: ReleaseArgument,
    out: Annotated[Path | None, typer.Option(help="Copy the zip into this folder as well.")] = None,
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Sign the clip and make the package: a folder and a zip."""
    import shutil

    from bodyworn.custody.certificates import load_identity
    from bodyworn.releases.identities import passphrase, signing_folder
    from bodyworn.releases.making import package_inputs
    from bodyworn.releases.publish import Publisher

    identity = load_identity(signing_folder(), passphrase())
    with opened(library, actor=person) as chosen:
        one = chosen.releases.get(release)
        recording = chosen.recordings.get(one.recording_id)
        original = chosen.recordings.file_of(recording)
        matter = package_inputs(one, chosen.releases, recording, original, chosen.findings)
        publisher = Publisher(chosen.folder / "releases", chosen.releases, chosen.audit_log, chosen.verifier)
        packed = publisher.publish(one, matter, identity)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        packed = Path(shutil.copy(packed, out))
    typer.echo(packed)


@app.command()
def withdraw(
    release: ReleaseArgument,
    why: Annotated[str, typer.Option(help="The reason, for the audit log.")],
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Take a release back. Copies that are outside cannot be called back."""
    with opened(library, actor=person) as chosen:
        done = chosen.releases.withdraw(chosen.releases.get(release), why)
    typer.echo("\n".join(_summary(done)))


def _deadlines(rules: Path | None, dates: Mapping[str, str | None]) -> tuple[Mapping[str, object], ...]:
    """Deadlines by the rules file, from the days that are known."""
    from datetime import date

    from bodyworn.domain.errors import InputError
    from bodyworn.releases.clock import deadlines

    try:
        known = {name: date.fromisoformat(day) for name, day in dates.items() if day}
    except ValueError as error:
        raise InputError(f"that is no day ({error})", "Write days as YYYY-MM-DD") from None
    return tuple(item.to_json() for item in deadlines(rules, known)) if rules is not None else ()


def _state(release: Release) -> str:
    return release.state.value.replace("_", " ")


def _summary(release: Release) -> list[str]:
    """State, bytes, leaks and what comes next, in a few lines."""
    from bodyworn.releases.service import next_step

    detail = release.render.detail
    lines = [
        f"{release.id} is {_state(release)}: {detail['terms']['title']}",
        f"clip {release.clip_sha256}",
        f"leak check: {detail['leaks']} to look at" + (_frames(detail["leak_report"]) if release.open_leaks else ""),
    ]
    for deadline in detail["terms"]["deadlines"]:
        checked = "" if deadline["checked"] else "; nobody has checked these rules"
        lines.append(f"due {deadline['due']} ({deadline['rule']}, {deadline['jurisdiction']}{checked})")
    if release.approvers:
        lines.append(f"approved by {', '.join(release.approvers)}")
    return [*lines, next_step(release)]


def _frames(report: Mapping[str, object]) -> str:
    frames = report.get("frames", [])
    first = [str(frame) for frame in frames[:12]] if isinstance(frames, list) else []
    return f", in frames {', '.join(first)}" if first else ""


def _as_json(release: Release) -> dict[str, object]:
    from bodyworn.domain.event import stamp

    return {
        "id": release.id,
        "recording": release.recording_id,
        "state": release.state.value,
        "clip_sha256": release.clip_sha256,
        "steps": [
            {"act": step.act.value, "by": step.by, "at": stamp(step.at), "clip_sha256": step.clip_sha256}
            for step in release.steps
        ],
        "render": dict(release.render.detail),
    }
