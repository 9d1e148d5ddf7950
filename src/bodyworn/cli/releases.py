"""``bodyworn releases``: from a redaction to a package that the public can verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli import release_options as options
from bodyworn.cli.options import JsonOption, LibraryOption, NamesAllMissing, RecordingArgument, opened
from bodyworn.cli.release_options import PersonOption, ReleaseArgument

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bodyworn.bootstrap import Library
    from bodyworn.custody.certificates import Identity
    from bodyworn.domain.release import Release
    from bodyworn.releases.request import ReleaseForm

app = typer.Typer(help="Clips for the public: make, approve, publish, withdraw.", no_args_is_help=True)


@app.command()
def keys(
    agency: Annotated[str, typer.Option("--agency", metavar="NAME", help="Name of the agency, for the certificate.")],
    unencrypted: Annotated[bool, typer.Option("--unencrypted", help="Keep the key without a passphrase.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Set the present keys aside; their authority stays trusted here.")
    ] = False,
    json_to: JsonOption = None,
) -> None:
    """Make the agency's authority and signing key, outside of any library."""
    import datetime as dt

    from bodyworn.cli.screen import give, say, show
    from bodyworn.custody.certificates import make_identity, save_identity
    from bodyworn.domain.errors import Code, SigningKeyError
    from bodyworn.releases.identities import PASSPHRASE, note_on_place, passphrase, set_aside, signing_folder

    secret = None if unencrypted else passphrase()
    if secret is None and not unencrypted:
        raise SigningKeyError(
            "a passphrase is required", "Set the passphrase first", Code.PASSPHRASE_MISSING, variable=PASSPHRASE
        )
    now = dt.datetime.now(dt.UTC)
    identity, folder = make_identity(agency, now), signing_folder()
    if replace and (aside := set_aside(now)):
        say(f"the former keys are in {aside}")
    save_identity(identity, folder, secret)
    if note := note_on_place():
        say(note)
    if unencrypted:
        say("the key is NOT encrypted: anyone who can read this folder can sign in the agency's name")
    made = {"folder": str(folder), "encrypted": not unencrypted, "fingerprint": identity.authority_fingerprint}

    def shown() -> None:
        show(f"key and certificates: {folder}")
        show("publish authority.pem on the agency's own site; its SHA-256 fingerprint is")
        show(identity.authority_fingerprint)

    give(json_to, [made], shown)


@app.command(cls=NamesAllMissing)
def make(
    recording: RecordingArgument,
    agency: options.Agency,
    requester: options.Requester,
    request_date: options.RequestDate,
    legal_authority: options.LegalAuthority,
    title: options.Title,
    caption: options.Caption = "",
    credit: options.Credit = "",
    still: options.Still = None,
    officer_notified: options.OfficerNotified = None,
    family_notified: options.FamilyNotified = None,
    incident_date: options.IncidentDate = None,
    complaint_date: options.ComplaintDate = None,
    rules: options.Rules = None,
    redaction: options.HiddenBy = None,
    again: options.Again = None,
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Render a recording by its redaction, check the clip for leaks, and open a release for it."""
    from bodyworn.releases.request import ReleaseForm

    told = (agency, requester, request_date, legal_authority, title, caption, credit, still)
    form = ReleaseForm(*told, officer_notified, family_notified, incident_date, complaint_date, rules)
    _made(form, recording, redaction, again, opened(library, stated_name=person), json_to)


def _made(
    form: ReleaseForm,
    recording: str,
    redaction: str | None,
    again: str | None,
    library: AbstractContextManager[Library],
    json_to: str | None,
) -> None:
    """Make the release of a typed request and say what it is."""
    from bodyworn.cli.release_screens import release_json, summary
    from bodyworn.cli.screen import give, one_bar, say, show
    from bodyworn.releases.making import make_from_redaction

    request = form.request()
    with library as chosen:
        before = chosen.releases.get(again) if again else None
        one = chosen.recordings.get(recording)
        hides = chosen.redactions.get(redaction) if redaction else chosen.redactions.newest_of(one)
        original = chosen.recordings.file_of(one)
        with one_bar("release") as progress:
            release = make_from_redaction(
                chosen.releases,
                chosen.redactions,
                chosen.findings,
                hides,
                one,
                original,
                request,
                again=before,
                progress=progress,
            )
    for line in summary(release):
        say(line)
    give(json_to, [release_json(release)], lambda: show(release.id))


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the releases."""
    from bodyworn.cli.release_screens import release_json, state_of
    from bodyworn.cli.screen import give, show_table

    with opened(library) as chosen:
        every = chosen.releases.list()
        chosen.releases.listed(len(every))
    rows = [(one.id, state_of(one), f"{one.made.at:%Y-%m-%d}", one.request.title) for one in every]
    documents = [release_json(one) for one in every]
    give(json_to, documents, lambda: show_table(None, ("release", "state", "made", "what"), rows), lines=True)


@app.command()
def show(release: ReleaseArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show one release: its state, what was done, and the leaks that the check reported."""
    from bodyworn.cli.release_screens import release_json, show_release
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        one = chosen.releases.get(release)
        openers = chosen.releases.opened_by(one)
        chosen.releases.viewed(one)
    give(json_to, [release_json(one)], lambda: show_release(one, openers))


@app.command()
def view(
    release: ReleaseArgument,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder that does not exist yet.")],
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Put everything that will leave into a folder, to look at it; that you did is recorded."""
    from bodyworn.cli.screen import give, say, show

    with opened(library, stated_name=person) as chosen:
        one = chosen.releases.get(release)
        folder = chosen.releases.open_contents(one, out)
    names = sorted(path.name for path in folder.iterdir())
    say(f"these are the bytes that an approval of {one.id} is for: contents {one.contents_sha256}")
    made = {"release": one.id, "folder": str(folder), "contents_sha256": one.contents_sha256, "files": list(names)}
    give(json_to, [made], lambda: show("\n".join(str(folder / name) for name in names)))


@app.command()
def review(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What you saw and decided.")],
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Note that every reported leak was looked at."""
    with opened(library, stated_name=person) as chosen:
        done = chosen.releases.review_leaks(chosen.releases.get(release), note)
    _give(done, json_to)


@app.command()
def approve(
    release: ReleaseArgument,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Anything to remember.")] = "",
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Approve exactly this clip; two different people have to."""
    with opened(library, stated_name=person) as chosen:
        done = chosen.releases.approve(chosen.releases.get(release), note)
    _give(done, json_to)


@app.command()
def publish(
    release: ReleaseArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Copy the zip into this folder.")] = None,
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Sign the clip and make the package: a folder and a zip."""
    from bodyworn.cli.screen import give, show
    from bodyworn.domain.digest import Digest

    with opened(library, stated_name=person) as chosen:
        one = chosen.releases.get(release)
        packed = chosen.releases.publish(one, _signing_identity)
    if out is not None:
        packed = _copied(packed, out)
    made = {"release": one.id, "package": str(packed), "sha256": Digest.of_file(packed).sha256}
    give(json_to, [made], lambda: show(str(packed)))


def _copied(package: Path, folder: Path) -> Path:
    """The package in ``folder`` too, whole or not at all."""
    import shutil

    from bodyworn.storage.files import is_full, is_refused, no_room_for
    from bodyworn.storage.outputs import not_writable, output_file

    copy, advice = folder / package.name, "Choose another folder; the package is in the library"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if is_full(error):
            raise no_room_for(str(copy)) from error
        if is_refused(error) or isinstance(error, FileExistsError | NotADirectoryError):
            raise not_writable(copy, advice) from error
        raise
    with output_file(copy, str(copy), replace=True, advice=advice) as draft:
        shutil.copyfile(package, draft)
    return copy


def _signing_identity() -> Identity:
    """The agency's key on this machine; where it lies is said if that is the place of an earlier version."""
    from bodyworn.cli.screen import say
    from bodyworn.custody.certificates import load_identity
    from bodyworn.releases.identities import note_on_place, passphrase, signing_folder

    identity = load_identity(signing_folder(), passphrase())
    if note := note_on_place():
        say(note)
    return identity


@app.command()
def withdraw(
    release: ReleaseArgument,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the audit log.")],
    person: PersonOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Withdraw a release. Copies already given out cannot be recalled."""
    with opened(library, stated_name=person) as chosen:
        done = chosen.releases.withdraw(chosen.releases.get(release), why)
    _give(done, json_to)


def _give(done: Release, json_to: str | None) -> None:
    """Say where a release stands now."""
    from bodyworn.cli.release_screens import release_json, summary
    from bodyworn.cli.screen import give, show

    give(json_to, [release_json(done)], lambda: show("\n".join(summary(done))))
