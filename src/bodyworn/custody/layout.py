"""The layout of a release: which boxes its MP4 file has, and a digest of those that a C2PA hash leaves out.

C2PA excludes ``ftyp``, ``free`` and ``skip`` boxes and its own box from the hash of a file. A release therefore also
states its layout, so that a byte changed or a box appended there is found in a lone file too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from bodyworn.custody.store import store_fault
from bodyworn.domain.errors import CustodyError
from bodyworn.media.mp4 import Mp4Box, top_boxes

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
#: Boxes that the manifest's hash does not cover; small, so their bytes are digested.
UNHASHED = frozenset({"ftyp", "free", "skip", "mfra"})
#: A clip has a handful; a fragmented one two for each fragment.
MOST_BOXES = 20_000


def boxes(file: BinaryIO) -> list[Mp4Box]:
    """All top-level boxes in order; :class:`CustodyError` where one runs past the end or there is none."""
    found = list(top_boxes(file))
    end, size = found[-1].end if found else 0, file.seek(0, 2)
    if end != size:
        at = end if end < size else found[-1].start
        raise CustodyError(f"the file ends early or was changed at byte {at}", "Get the clip from its publisher again")
    return found


def odd_boxes(path: Path) -> str:
    """What no clip is like, before a library for manifests reads the file: too many boxes; empty where all is well."""
    with path.open("rb") as file:
        count = sum(1 for _ in islice(top_boxes(file), MOST_BOXES + 1))
    return f"the file has more than {MOST_BOXES} boxes, and a clip has few" if count > MOST_BOXES else ""


def layout(path: Path) -> list[dict[str, str]]:
    """Types of all boxes but the manifest's own, with a SHA-256 for those that its hash leaves out."""
    rows: list[dict[str, str]] = []
    with path.open("rb") as file:
        for box in boxes(file):
            if _is_manifest(box):
                continue
            row = {"type": box.kind}
            if box.kind in UNHASHED:
                row["sha256"] = hashlib.sha256(_bytes_of(file, box)).hexdigest()
            rows.append(row)
    return rows


def layout_faults(path: Path, stated: object, manifests: int) -> list[str]:
    """What differs from the ``stated`` layout, and what a store of so many ``manifests`` holds beside them: sentences."""
    if not isinstance(stated, list) or not all(_is_row(row) for row in stated):
        return ["the manifest states no layout that can be read"]
    return _faults(path, stated, manifests)


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and isinstance(row.get("type"), str) and isinstance(row.get("sha256", ""), str)


def _faults(path: Path, stated: Sequence[Mapping[str, str]], manifests: int) -> list[str]:
    with path.open("rb") as file:
        try:
            found = boxes(file)
        except CustodyError as error:
            return [error.what]
        stores = [box for box in found if _is_manifest(box)]
        faults = [] if len(stores) == 1 else [f"{len(stores)} manifest boxes where one is expected"]
        faults += [fault for box in stores if (fault := store_fault(_bytes_of(file, box), manifests))]
        rest = [box for box in found if not _is_manifest(box)]
        if [box.kind for box in rest] != [row["type"] for row in stated]:
            added = ", ".join(box.kind for box in rest)
            return [*faults, f"the boxes are {added}, not {', '.join(row['type'] for row in stated)}"]
        for box, row in zip(rest, stated, strict=True):
            if "sha256" in row and hashlib.sha256(_bytes_of(file, box)).hexdigest() != row["sha256"]:
                faults.append(f"the {box.kind} box at byte {box.start} was changed")
    return faults


def _is_manifest(box: Mp4Box) -> bool:
    return box.kind == "uuid" and box.uuid == C2PA_UUID


def _bytes_of(file: BinaryIO, box: Mp4Box) -> bytes:
    file.seek(box.start)
    return file.read(box.length)
