"""``bodyworn custody``: the audit log of what was done."""

from __future__ import annotations

import typer

from bodyworn.cli.options import LibraryOption, opened

app = typer.Typer(help="The audit log of what was done, and whether it holds.", no_args_is_help=True)


@app.command()
def verify(library: LibraryOption = None) -> None:
    """Check the audit log, its checkpoints, and every row and file it speaks of.

    Names the rule and the row of each fault. A library that cannot be written to is checked as it lies.
    """
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.custody.verify import RULES
    from bodyworn.domain.errors import CustodyError, LibraryReadOnly

    try:
        with opened(library) as chosen, one_bar("custody") as progress:
            verdict = chosen.verify(progress)
    except LibraryReadOnly:
        say("the library cannot be written to, so this check is not recorded")
        with opened(library, read_only=True) as chosen, one_bar("custody") as progress:
            verdict = chosen.verify(progress, note=False)
    for fault in verdict.faults:
        print(f"FAULT  {fault}")
    for rule in dict.fromkeys(fault.rule for fault in verdict.faults):
        print(f"rule {rule}: {RULES[rule]}")
    if verdict.unreferenced:
        print(f"{len(verdict.unreferenced)} unreferenced files, left by interrupted work; harmless.")
    if not verdict.holds:
        raise CustodyError(
            f"the audit log does not hold: {len(verdict.faults)} faults",
            "Keep the library as it is and tell its custodian",
        )
    print(f"The audit log holds: {verdict.rows} rows, {verdict.checkpoints} checkpoints, {verdict.files} stored files.")
    print(f"Signed checkpoints cover the first {verdict.sealed} rows; copies of them elsewhere are what counts.")


@app.command()
def log(
    library: LibraryOption = None, count: int = typer.Option(20, "--count", "-n", min=1, help="How many rows.")
) -> None:
    """Show the newest entries of the audit log; looking is a row too."""
    from bodyworn.cli.screen import show_table
    from bodyworn.domain.event_kinds import sentence

    with opened(library) as chosen:
        events = chosen.audit_trail.newest(count)
    rows = [(str(e.seq), f"{e.at:%Y-%m-%d %H:%M:%S}", sentence(e), e.outcome, str(e.person), e.object) for e in events]
    show_table(None, ("row", "time (UTC)", "what", "outcome", "who", "object"), rows)
