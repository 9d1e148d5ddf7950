"""What a leak check found, as pictures: each thing that still shows, in its frame and from near."""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip
from bodyworn.domain.span import clock
from bodyworn.media import sandbox
from bodyworn.media.limits import looking
from bodyworn.media.probe import readable_size
from bodyworn.redactions import jobs
from bodyworn.redactions.checking import Leak, LeakCheck, LeakSpan, leak_spans
from bodyworn.redactions.outputs import check_new_picture, new_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: So many things are on a sheet: those that show longest.
SHOWN = 24


def ordered_spans(leaks: Sequence[Leak]) -> list[LeakSpan]:
    """Leaks put together over frames, what shows longest first: the order and the numbers of lists and sheets."""
    return sorted(leak_spans(leaks), key=lambda span: (-span.frames, span.start_us))


def leak_pictures(clip: Path, leaks: Sequence[Leak], progress: Progress = no_progress) -> NDArray[np.uint8]:
    """The sheet itself (RGB), decoded in this process; see :func:`leak_sheet`."""
    from bodyworn.media.footage import Footage
    from bodyworn.redactions.sheets import close_up, sheet, tile

    spans = ordered_spans(leaks)[:SHOWN]
    tiles: list[NDArray[np.uint8]] = []
    for number, span in enumerate(spans, 1):
        best = span.best
        with Footage(clip) as footage:
            for frame in islice(footage.frames(Clip(best.at_us)), 1):
                name = f"{number} {best.cls.value} {best.score:.2f}"
                caption = f"{clock(span.start_us // 1000)} to {clock(span.last_us // 1000)}, "
                caption += counted(span.frames, "frame")
                place = (best.x, best.y, max(1, best.w), max(1, best.h))
                tiles += [tile(frame.planes, [(*place, name)], caption), close_up(frame.planes, place)]
        progress(number, len(spans), "pictures")
    if not tiles:
        raise InputError("none of the clip's frames can be shown", "Check that it is the right clip")
    return sheet(tiles, columns=4)


def leak_sheet(clip: Path, leaks: Sequence[Leak], name: str, progress: Progress = no_progress) -> bytes:
    """A sheet of pictures of the first :data:`SHOWN` of :func:`ordered_spans`, numbered from 1, by a child process.

    A PNG or JPEG, by the suffix of ``name``. Left the frame of ``clip`` in which the thing shows best, right the place
    from near. It shows what should be hidden: keep it as safe as the recording. ``ValueError`` without leaks.
    """
    if not leaks:
        raise ValueError("there is nothing to show")
    asked: dict[str, Json] = {"clip": os.fspath(clip), "leaks": [to_json(leak) for leak in leaks], "name": name}
    return b64decode(cast(str, sandbox.run(jobs.leak_sheet, asked, looking(readable_size(clip)), progress)))


def write_leak_sheet(
    target: Path | None, clip: Path, found: LeakCheck, *, replace: bool = False, progress: Progress = no_progress
) -> None:
    """Write the sheet of what still shows to the new file ``target`` (``.png`` or ``.jpg``); see :func:`leak_sheet`.

    Nothing is written where nothing shows, or where no target is named.
    """
    if target is None or not found.open_leaks:
        return
    check_new_picture(target, replace)
    picture = leak_sheet(clip, found.open_leaks, target.name, progress)
    with new_file(target, replace) as draft:
        draft.write_bytes(picture)
