"""The top-level boxes of an MP4 file (ISO/IEC 14496-12, 4.2), and the parts that a C2PA hash leaves out.

C2PA excludes ``ftyp``, ``free`` and ``skip`` boxes and its own box from the hash of a file. A release therefore also
states its layout, so that a byte changed or a box appended there is found in a lone file too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bodyworn.domain.errors import CustodyError

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
#: Boxes that the manifest's hash does not cover; small, so their bytes are digested.
UNHASHED = frozenset({"ftyp", "free", "skip", "mfra"})
_HEADER_BYTES = 8 + 16 + 4 + len(b"manifest\0") + 8
_PAD = re.compile(rb"cpad\x59(..)", re.S)


@dataclass(frozen=True)
class Mp4Box:
    """One top-level box: its four-character type, where it starts, how long it is in bytes, and its UUID if any."""

    kind: str
    start: int
    length: int
    uuid: bytes = b""

    @property
    def is_manifest(self) -> bool:
        """Whether the box holds a C2PA manifest."""
        return self.kind == "uuid" and self.uuid == C2PA_UUID


def boxes(file: BinaryIO) -> Iterator[Mp4Box]:
    """Top-level boxes in order; :class:`CustodyError` where a box runs past the end or is no box."""
    file.seek(0, 2)
    size = file.tell()
    start = 0
    while start < size:
        file.seek(start)
        head = file.read(32)
        length = int.from_bytes(head[:4], "big")
        kind = head[4:8].decode("latin-1")
        body = 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = size - start
        if len(head) < 8 or length < 8 or start + length > size or not kind.isprintable():
            raise CustodyError(
                f"the file ends early or was changed at byte {start}", "Get the clip from its publisher again"
            )
        yield Mp4Box(kind, start, length, head[body : body + 16] if kind == "uuid" else b"")
        start += length


def layout(path: Path) -> list[dict[str, str]]:
    """Types of all boxes but the manifest's own, with a SHA-256 for those that its hash leaves out."""
    rows: list[dict[str, str]] = []
    with path.open("rb") as file:
        for box in boxes(file):
            if box.is_manifest:
                continue
            row = {"type": box.kind}
            if box.kind in UNHASHED:
                row["sha256"] = hashlib.sha256(_bytes_of(file, box)).hexdigest()
            rows.append(row)
    return rows


def layout_faults(path: Path, stated: list[dict[str, Any]]) -> list[str]:
    """What differs from the ``stated`` layout, one sentence each; empty where nothing does."""
    with path.open("rb") as file:
        try:
            found = list(boxes(file))
        except CustodyError as error:
            return [error.what]
        manifests = [box for box in found if box.is_manifest]
        faults = [] if len(manifests) == 1 else [f"{len(manifests)} manifest boxes where one is expected"]
        faults += [fault for box in manifests for fault in _padding_faults(_bytes_of(file, box))]
        rest = [box for box in found if not box.is_manifest]
        if [box.kind for box in rest] != [row["type"] for row in stated]:
            added = ", ".join(box.kind for box in rest)
            return [*faults, f"the boxes are {added}, not {', '.join(row['type'] for row in stated)}"]
        for box, row in zip(rest, stated, strict=True):
            if "sha256" in row and hashlib.sha256(_bytes_of(file, box)).hexdigest() != row["sha256"]:
                faults.append(f"the {box.kind} box at byte {box.start} was changed")
    return faults


def _bytes_of(file: BinaryIO, box: Mp4Box) -> bytes:
    file.seek(box.start)
    return file.read(box.length)


def _padding_faults(manifest: bytes) -> list[str]:
    """Bytes that nothing signs and that are zero as written: the box's offset field and the signature's padding."""
    faults = []
    if any(manifest[_HEADER_BYTES - 8 : _HEADER_BYTES]) or manifest[28:37] != b"manifest\0":
        faults.append("the head of the manifest box was changed")
    for match in _PAD.finditer(manifest):
        length = int.from_bytes(match.group(1), "big")
        if any(manifest[match.end() : match.end() + length]):
            faults.append("the padding of the manifest box was changed")
    return faults
