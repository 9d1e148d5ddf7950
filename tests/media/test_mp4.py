"""The walk over the boxes of an MP4: whole files, files cut off, long boxes, and what is no such file."""

from __future__ import annotations

import io
import struct
import time
from pathlib import Path

import pytest

from bodyworn.custody.layout import boxes
from bodyworn.domain.errors import CustodyError, DamagedMedia
from bodyworn.media.mp4 import Mp4Box, outer_boxes, top_boxes
from tests import media_makers as make


def box(kind: bytes, body: bytes = b"", stated: int | None = None) -> bytes:
    return (8 + len(body) if stated is None else stated).to_bytes(4, "big") + kind + body


LONG = b"\0\0\0\1mdat" + (20).to_bytes(8, "big") + b"pict"
UUID = bytes(range(16))


def test_boxes_come_in_order_with_long_ones_and_their_uuid() -> None:
    data = box(b"ftyp", b"isom") + LONG + box(b"uuid", UUID + b"x") + box(b"free", b"rest", stated=0)
    assert list(top_boxes(io.BytesIO(data))) == [
        Mp4Box("ftyp", 0, 12),
        Mp4Box("mdat", 12, 20),
        Mp4Box("uuid", 32, 25, UUID),
        Mp4Box("free", 57, 12),
    ]
    assert [one.kind for one in boxes(io.BytesIO(data))] == ["ftyp", "mdat", "uuid", "free"]


@pytest.mark.parametrize("tail", [b"abc", box(b"free", stated=4), box(b"mdat", b"abc", stated=99), b"\0\0\0\1mdat\0"])
def test_what_breaks_off_or_is_no_box_is_never_a_whole_layout(tail: bytes) -> None:
    with pytest.raises(CustodyError, match="at byte 12"):
        boxes(io.BytesIO(box(b"ftyp", b"isom") + tail))


def test_missing_bytes_are_counted_and_a_missing_index_is_seen(tmp_path: Path) -> None:
    whole = make.with_sound(tmp_path / "whole.mp4")
    found = outer_boxes(whole)
    assert found is not None
    assert (found.has_index, found.missing_bytes) == (True, 0)
    cut = outer_boxes(make.truncated(tmp_path / "cut.mp4"))
    assert cut is not None
    assert not cut.has_index
    whole.write_bytes(box(b"ftyp", b"isom") + box(b"mdat", b"abc", stated=100))
    short = outer_boxes(whole)
    assert short is not None
    assert short.missing_bytes == 89


@pytest.mark.parametrize("data", [b"", b"\0\0", b"RIFF\0\0\0\0AVI ", b"\x1aE\xdf\xa3rest of a file"])
def test_other_files_have_no_boxes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    assert outer_boxes(tmp_path / "x") is None


def test_a_file_of_countless_boxes_is_refused_in_seconds() -> None:
    data = struct.pack(">I4s", 8, b"free") * 1_000_000
    began = time.monotonic()
    with pytest.raises(DamagedMedia, match="more than 400,000 parts"):
        list(top_boxes(io.BytesIO(data)))
    assert time.monotonic() - began < 10
