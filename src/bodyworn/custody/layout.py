"""The layout of a release: which boxes its MP4 file has, and a digest of those that a C2PA hash leaves out.

C2PA excludes ``ftyp``, ``free`` and ``skip`` boxes and its own box from the hash of a file. A release therefore also
states its layout, so that a byte changed or a box appended there is found in a lone file too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
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
#: Boxes that hold boxes, and how many one of them may hold: a library for manifests takes the square of it in time.
CONTAINERS = frozenset({"moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "udta", "mvex", "moof", "traf", "mfra"})
MOST_INSIDE = 2_000


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
        if count > MOST_BOXES:
            return f"the file has more than {MOST_BOXES} boxes, and a clip has few"
        left = [(0, file.seek(0, 2))]
        while left:
            inside = 0
            is_top = left[-1][0] == 0
            for kind, start, end in _boxes_inside(file, *left.pop()):
                inside, count = inside + 1, count + 1
                if count > 10 * MOST_BOXES or (inside > MOST_INSIDE and not is_top):
                    return f"a box of the file holds more than {MOST_INSIDE} boxes, and that of a clip few"
                if kind in CONTAINERS:
                    left.append((start, end))
    return ""


def _boxes_inside(file: BinaryIO, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Type, start and end of the content of each box in a span, up to what is no box."""
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        length, content = int.from_bytes(head[:4], "big"), start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), start + 16
        length = length or end - start
        if len(head) < 8 or start + length < content:
            return
        yield head[4:8].decode("latin-1"), content, min(start + length, end)
        start += length


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
    """What differs from the ``stated`` layout or has no place in a store of that many ``manifests``, as sentences."""
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
