"""Arguments and options of ``bodyworn redact`` and ``bodyworn redactions``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_TIME = "A time of the recording: 1:02.5, 12.5s, or 12 for seconds. A frame is 375f."

Source = Annotated[Path, typer.Argument(metavar="IN", help="The recording; it is only ever read.")]
Target = Annotated[Path, typer.Argument(metavar="OUT", help="The new clip: .mp4, .mov or .mkv.")]
Picture = Annotated[Path, typer.Argument(metavar="PICTURE", help="The sheet to write: .png or .jpg.")]
PlanTarget = Annotated[Path, typer.Argument(metavar="PLAN", help="The JSON file to write.")]
PlanSource = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a JSON file.")]
RedactionArgument = Annotated[
    str,
    typer.Argument(
        metavar="REDACTION", help="ID of a redaction, the beginning of one, or a recording: its last changed redaction."
    ),
]
Start = Annotated[str, typer.Option("--start", metavar="TIME", help=f"Where the clip starts. {_TIME}")]
End = Annotated[
    str,
    typer.Option("--end", metavar="TIME", help=f"Where the clip ends; what is shown then is no part of it. {_TIME}"),
]
Classes = Annotated[
    str,
    typer.Option(
        "--classes",
        metavar="LIST",
        help="What to hide, with commas: faces, plates, vehicles (their plate or lower part: the safe mode), "
        "screens (with papers and any text), speech. Plates alone miss some: vehicles hide more.",
    ),
]
Many = list[str] | None
Keep = Annotated[
    Many,
    typer.Option(
        "--keep",
        metavar="TRACK|X,Y,W,H",
        help="Leave visible: a track (face-2), or a region X,Y,W,H, with @1:02-1:04 for a time.",
    ),
]
Hide = Annotated[
    Many,
    typer.Option(
        "--hide", metavar="X,Y,W,H", help="Hide a region as well: X,Y,W,H in pixels, with @1:02-1:04 for a time."
    ),
]
HowHidden = Annotated[str, typer.Option("--style", metavar="STYLE", help="blur, pixelate or solid.")]
EncodeAll = Annotated[
    bool, typer.Option("--encode-all", help="Encode every picture, also those that could be copied as they are.")
]
SpeechModel = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME|FOLDER",
        help="Speech model for spoken data: a known one, or a folder with a larger one.",
    ),
]
SoundTrack = Annotated[
    int, typer.Option("--sound-track", min=1, help="Which sound track goes into the clip, where there are several.")
]
Boxes = Annotated[Path | None, typer.Option("--boxes", help="Write what was masked to this CSV file.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Write the plan that was followed to this JSON file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist. The recording itself never is.")]

KeepById = Annotated[
    Many,
    typer.Option(
        "--keep", metavar="ID", help="Leave a track or span of sound open, or take a drawn region back, by its ID."
    ),
]
HideAgain = Annotated[
    Many,
    typer.Option(
        "--hide",
        metavar="X,Y,W,H|ID",
        help="Hide a region X,Y,W,H as well, with @1:02-1:04 for a time; or what was kept, by its ID.",
    ),
]
DropClass = Annotated[
    Many, typer.Option("--drop-class", metavar="CLASS", help="Leave all tracks of a class open, such as plates.")
]
ShowRegion = Annotated[
    Many, typer.Option("--show", metavar="X,Y,W,H", help="Leave what is found in a region open: X,Y,W,H[@…].")
]
HideSound = Annotated[
    Many,
    typer.Option("--sound", help="Hide sound: mute:1:02.5-1:04, bleep:… or disguise:…, with :reason if you want."),
]
Say = Annotated[
    Many, typer.Option("--say", help="Bleep these words wherever they are said in the clip, with :reason if you want.")
]
Disguise = Annotated[
    Many,
    typer.Option(
        "--disguise",
        help="Disguise a speaker's voice, by name (S2) or role (community): see `redactions words`.",
    ),
]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Refuse if the plan has another version by now.")]
ByRedaction = Annotated[
    str | None, typer.Option("--redaction", metavar="REDACTION", help="The redaction a clip was rendered by.")
]
ByPlan = Annotated[
    Path | None, typer.Option("--plan", metavar="PLAN", help="The plan a clip was made by, a JSON file.")
]
LookFor = Annotated[
    str, typer.Option("--classes", help="What to look for where no plan says it: faces, plates, vehicles, screens.")
]
LeakSheet = Annotated[
    Path | None,
    typer.Option("--sheet", metavar="PICTURE", help="Write pictures of what still shows: .png or .jpg."),
]
