"""``bodyworn releases``: from a redaction to a package that the public can verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.domain.release import Release

app = typer.Typer(help="Clips for the public: make, approve, publish, withdraw.", no_args_is_help=True)

ReleaseArgument = Annotated[str, typer.Argument(metavar="RELEASE", help="ID of a release, or the beginning of one.")]
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        help="Your name, if the account of this machine is shared. It is kept as stated, beside the account.",
    ),
]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of it, if it is known.")]


@app.command()
def keys(
    agency: Annotated[str, typer.Option(help="Name of the agency, for the certificate.")],
    unencrypted: Annotated[bool, typer.Option(help="Keep the key without a passphrase.")] = False,
) -> None:
    """Make the agency's authority and signing key, outside of any library."""
    import datetime as dt

    from bodyworn.cli.screen import say
    from bodyworn.custody.certificates import make_identity, save_identity
    from bodyworn.domain.errors import Code, CustodyError
    from bodyworn.releases.identities import PASSPHRASE, note_on_place, passphrase, signing_folder

    secret = None if unencrypted else passphrase()
    if secret is None and not unencrypted:
        raise CustodyError(
            "a passphrase is required", "Set the passphrase first", Code.PASSPHRASE_MISSING, variable=PASSPHRASE
        )
    identity = make_identity(agency, dt.datetime.now(dt.UTC))
    save_identity(identity, signing_folder(), secret)
    if note := note_on_place():
        say(note)
    typer.echo(f"key and certificates: {signing_folder()}")
    if unencrypted:
        typer.echo("the key is NOT encrypted: anyone who can read this folder can sign in the agency's name")
    typer.echo("publish authority.pem on the agency's own site; its SHA-256 fingerprint is")
    typer.echo(identity.authority_fingerprint)


@app.command()
def make(
    recording: Annotated[str, typer.Argument(help="Id of the recording, the beginning of one, or its name.")],
    agency: Annotated[str, typer.Option(help="Who releases.")],
    requester: Annotated[str, typer.Option(help="Who asked for it.")],
    request_date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="When they asked.")],
    legal_authority: Annotated[str, typer.Option(help="The legal authority for the release: a law, a policy.")],
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
    again: Annotated[str | None, typer.Option(help="A release to render again; this voids its approvals.")] = None,
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Render a recording by its redaction, check the clip for leaks, and open a release for it."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.domain.release import ReleaseRequest
    from bodyworn.releases.clock import days, read_rules
    from bodyworn.releases.making import make_from_redaction

    known, by_law = days(incident=incident_date, complaint=complaint_date, request=request_date), read_rules(rules)
    request = ReleaseRequest(
        agency=agency,
        requester=requester,
        request_date=request_date,
        legal_authority=legal_authority,
        title=title,
        caption=caption,
        credit=credit or agency,
        still_ms=round(still * 1000) if still is not None else None,
        officer_notified=officer_notified,
        family_notified=family_notified,
        deadlines=tuple(by_law.deadlines(known)),
        citations=by_law.citations,
    )
    with opened(library, stated_name=person) as chosen:
        before = chosen.releases.get(again) if again else None
        one = chosen.recordings.get(recording)
        hides = chosen.redactions.get(redaction) if redaction else chosen.redactions.newest_of(one)
        original = chosen.recordings.file_of(one)
        with one_bar("release") as progress:
            release = make_from_redaction(
                chosen.releases, chosen.redactions, hides, one, original, request, again=before, progress=progress
            )
    for line in _summary(release):
        say(line)
    typer.echo(release.id)


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the releases."""
    from bodyworn.cli.screen import show_table, write_json

    with opened(library) as chosen:
        every = chosen.releases.list()
        chosen.releases.listed(len(every))
    if json_to is not None:
        write_json([_as_json(one) for one in every], json_to)
    if json_to != "-":
        rows = [(one.id, _state(one), f"{one.made.at:%Y-%m-%d}", one.request.title) for one in every]
        show_table(None, ("release", "state", "made", "what"), rows)


@app.command()
def show(release: ReleaseArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show one release: its state, what was done, and the leaks that the check reported."""
    from bodyworn.cli.screen import show_table, write_json

    with opened(library) as chosen:
        one = chosen.releases.get(release)
        chosen.releases.viewed(one)
    if json_to is not None:
        write_json([_as_json(one)], json_to)
    if json_to != "-":
        for line in _summary(one):
            typer.echo(line)
        rows = [(f"{step.at:%Y-%m-%d %H:%M}", str(step.by), step.act.value.replace("_", " ")) for step in one.steps]
        show_table(None, ("when (UTC)", "who", "what"), rows)


@app.command()
def review(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option(help="What you saw and decided.")],
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Note that every reported leak was looked at."""
    with opened(library, stated_name=person) as chosen:
        done = chosen.releases.review_leaks(chosen.releases.get(release), note)
    typer.echo("\n".join(_summary(done)))


@app.command()
def approve(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option(help="Anything to remember.")] = "",
    person: PersonOption = None,
    library: LibraryOption = None,
) -> None:
    """Approve exactly this clip; two different people have to."""
    with opened(library, stated_name=person) as chosen:
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

    from bodyworn.cli.screen import say
    from bodyworn.custody.certificates import load_identity
    from bodyworn.releases.identities import note_on_place, passphrase, signing_folder

    identity = load_identity(signing_folder(), passphrase())
    if note := note_on_place():
        say(note)
    with opened(library, stated_name=person) as chosen:
        packed = chosen.releases.publish(chosen.releases.get(release), identity)
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
    """Withdraw a release. Copies already given out cannot be recalled."""
    with opened(library, stated_name=person) as chosen:
        done = chosen.releases.withdraw(chosen.releases.get(release), why)
    typer.echo("\n".join(_summary(done)))


def _state(release: Release) -> str:
    return release.state.value.replace("_", " ")


def _summary(release: Release) -> list[str]:
    """State, bytes, leaks and what comes next, in a few lines."""
    from bodyworn.cli.next_steps import release_step

    found = f"leak check: {release.render.leaks} to look at"
    lines = [
        f"{release.id} is {_state(release)}: {release.request.title}",
        f"clip {release.clip_sha256}",
        found + (_frames(release.render.leak_report.frames) if release.open_leaks else ""),
    ]
    for deadline in release.request.deadlines:
        checked = "" if deadline.checked else "; these rules are unchecked"
        lines.append(f"due {deadline.due} ({deadline.rule}, {deadline.jurisdiction}{checked})")
    if release.approvers:
        lines.append(f"approved by {', '.join(map(str, release.approvers))}")
    if release.approval_caution:
        lines.append(f"note: {release.approval_caution}")
    return [*lines, f"{release_step(release.id, release.state.value)}."]


def _frames(frames: tuple[int, ...]) -> str:
    return f", in frames {', '.join(map(str, frames[:12]))}" if frames else ""


def _as_json(release: Release) -> dict[str, object]:
    from bodyworn.domain.codec import plain
    from bodyworn.domain.event import stamp

    return {
        "id": release.id,
        "recording": release.recording_id,
        "state": release.state.value,
        "clip_sha256": release.clip_sha256,
        "approval_caution": release.approval_caution,
        "steps": [
            {
                "act": step.act.value,
                "by": step.by.account,
                "stated_name": step.by.stated_name,
                "at": stamp(step.at),
                "clip_sha256": step.clip_sha256,
            }
            for step in release.steps
        ],
        "render": plain(release.render),
    }
