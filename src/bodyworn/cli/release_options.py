"""Arguments and options of ``bodyworn releases``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_DAY = "YYYY-MM-DD"

ReleaseArgument = Annotated[str, typer.Argument(metavar="RELEASE", help="ID of a release, or the beginning of one.")]
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        help="Your name, if the account of this machine is shared. It is kept as stated, beside the account.",
    ),
]
Agency = Annotated[str, typer.Option("--agency", metavar="NAME", help="Who releases.")]
Requester = Annotated[str, typer.Option("--requester", metavar="NAME", help="Who asked for it.")]
RequestDate = Annotated[str, typer.Option("--request-date", metavar=_DAY, help="When they asked.")]
LegalAuthority = Annotated[
    str, typer.Option("--legal-authority", metavar="TEXT", help="The legal authority for it: a law, a policy.")
]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of the clip.")]
Caption = Annotated[str, typer.Option("--caption", metavar="TEXT", help="Text that goes with it.")]
Credit = Annotated[
    str, typer.Option("--credit", metavar="TEXT", help="Credit line of clip and still [default: the agency].")
]
Still = Annotated[
    float | None,
    typer.Option("--still", metavar="SECONDS", min=0, help="Take the still here, counted from the start of the clip."),
]
OfficerNotified = Annotated[
    str | None,
    typer.Option("--officer-notified", metavar=_DAY, help="The day the officer was told of the release, if known."),
]
FamilyNotified = Annotated[
    str | None,
    typer.Option("--family-notified", metavar=_DAY, help="The day the family was told of the release, if known."),
]
IncidentDate = Annotated[
    str | None,
    typer.Option("--incident-date", metavar=_DAY, help="The day of the incident; rules may count from it."),
]
ComplaintDate = Annotated[
    str | None,
    typer.Option("--complaint-date", metavar=_DAY, help="The day of a complaint; rules may count from it."),
]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="Rules for deadlines and grounds; see docs/releases.md."),
]
HiddenBy = Annotated[
    str | None,
    typer.Option(
        "--redaction", metavar="REDACTION", help="What is hidden [default: the recording's last changed redaction]."
    ),
]
Again = Annotated[
    str | None,
    typer.Option("--again", metavar="RELEASE", help="A release to render again; this voids its approvals."),
]
