"""``bodyworn custody``: the audit log, and whether it and the stored files hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.log import log
from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.custody.record_key import KeptElsewhere
    from bodyworn.custody.rules import VerificationReport

app = typer.Typer(help="The audit log, and whether it and the stored files hold.", no_args_is_help=True)
app.command()(log)


@app.command()
def verify(
    library: LibraryOption = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="Check the originals only, each by SHA-256, SHA-512 and size.")
    ] = False,
    recording: Annotated[
        str | None, typer.Option("--recording", metavar="RECORDING", help="Check the original of one recording only.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="Compare with a checkpoint that was kept elsewhere."),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", metavar="FILE", help="Compare with a public key (record.pub) that was kept elsewhere."),
    ] = None,
    json_to: JsonOption = None,
) -> None:
    """Check the audit log, its checkpoints, and every row and file it speaks of.

    Names the rule and the row of each fault. A library that cannot be written to is checked as it is.
    """
    if recording is not None or originals:
        _verify_originals(library, recording, json_to)
    else:
        from bodyworn.custody.record_key import KeptElsewhere

        _verify_all(library, KeptElsewhere(tuple(key or ()), tuple(checkpoint or ())), json_to)


@app.command()
def rekey(library: LibraryOption = None) -> None:
    """Replace the key of the audit log by a new one, which the old one signs for.

    The old key is gone afterwards. Give the new public key to those who keep the old one.
    """
    from bodyworn.cli.screen import show

    with opened(library) as chosen:
        chosen.rotate_key()
        show(f"The audit log has a new key: {chosen.verifier}")


def _verify_all(folder: Path | None, kept: KeptElsewhere, json_to: str | None) -> None:
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json
    from bodyworn.domain.counting import counted
    from bodyworn.domain.errors import CustodyError

    report = _report(folder, kept)
    give(json_to, [{"holds": report.holds, **to_json(report)}], lambda: _show_report(report))
    if not report.holds:
        raise CustodyError(
            f"the audit log or a stored file does not hold: {counted(len(report.faults), 'fault')}",
            "Keep the library as it is and tell its custodian",
        )


def _report(folder: Path | None, kept: KeptElsewhere) -> VerificationReport:
    """The check, as an event of the audit log where the library can be written to."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.domain.errors import LibraryReadOnly

    try:
        with opened(folder, examine=True) as chosen, one_bar("custody") as progress:
            if not chosen.audit_log.can_write:
                say("the audit log is not as it was left, so this check is not recorded")
            return chosen.verify(progress, kept=kept)
    except LibraryReadOnly:
        say("the library cannot be written to, so this check is not recorded")
        with opened(folder, read_only=True) as chosen, one_bar("custody") as progress:
            return chosen.verify(progress, note=False, kept=kept)


def _show_report(report: VerificationReport) -> None:
    from bodyworn.cli.screen import show
    from bodyworn.custody.rules import RULES
    from bodyworn.domain.counting import counted

    for fault in report.faults:
        show(f"FAULT  {fault}")
    for rule in dict.fromkeys(fault.rule for fault in report.faults):
        show(f"rule {rule}: {RULES[rule]}")
    for remark in report.remarks:
        show(f"Remark: {remark}")
    if report.unreferenced:
        show(f"{counted(len(report.unreferenced), 'unreferenced file')}, left by interrupted work; harmless.")
    if report.holds:
        counts = (
            counted(report.rows, "row"),
            counted(report.checkpoints, "checkpoint"),
            counted(report.files, "stored file"),
        )
        show(f"The audit log holds: {', '.join(counts)}.")
        sealed = "row" if report.sealed == 1 else f"{report.sealed} rows"
        show(f"Signed checkpoints cover the first {sealed}; copies of them kept elsewhere are the proof.")


def _verify_originals(folder: Path | None, text: str | None, json_to: str | None) -> None:
    from bodyworn.cli.screen import give, one_bar, show
    from bodyworn.domain.counting import counted
    from bodyworn.domain.errors import CustodyError

    with opened(folder) as chosen, one_bar("originals") as progress:
        if text is None:
            problems, count = chosen.recordings.verify(progress), len(chosen.recordings.list())
        else:
            found = chosen.recordings.check(chosen.recordings.get(text), progress)
            problems, count = [found] if found else [], 1
    faults = [{"recording": one.recording.id, "name": one.recording.name, "what": one.what} for one in problems]

    def shown() -> None:
        for fault in faults:
            show(f"FAULT  {fault['recording']} {fault['name']}: {fault['what']}")
        if not faults:
            show(f"{_originals(count)} as ingested.")

    give(json_to, [{"holds": not faults, "originals": count, "faults": faults}], shown)
    if faults:
        what = f"{len(faults)} of {counted(count, 'original')} {'is' if len(faults) == 1 else 'are'} not as ingested"
        raise CustodyError(what, "Restore from the backup")


def _originals(count: int) -> str:
    from bodyworn.domain.counting import counted

    return f"{counted(count, 'original')} checked: {'it is' if count == 1 else 'all are'}"
