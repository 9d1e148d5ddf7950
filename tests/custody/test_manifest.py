"""C2PA manifests: what signing writes, and that every change to a signed clip is found and named."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from bodyworn.custody.certificates import Identity, load_identity, make_identity, save_identity
from bodyworn.custody.layout import boxes
from bodyworn.custody.manifest import Binding, ManifestCheck, ManifestSigner, check
from bodyworn.custody.manifest_signing import ManifestEdit, seal_original, sign_release
from bodyworn.domain.errors import CustodyError, SigningKeyError
from tests.media_makers import with_sound

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Pine County Sheriff", NOW, test=True)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_sound(tmp_path_factory.mktemp("original") / "original.mp4", seconds=2.0)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, identity: Identity, original: Path) -> Path:
    folder = tmp_path_factory.mktemp("release")
    rendered = with_sound(folder / "rendered.mp4", seconds=1.0)
    sidecar = seal_original(original, "original recording", identity)
    edit = ManifestEdit("t1", "face", "privacy", 0.0, 0.5, (10.0, 20.0, 30.0, 40.0))
    sign_release(
        rendered,
        folder / "clip.mp4",
        title="clip.mp4",
        original=original,
        original_sidecar=sidecar,
        edits=[edit],
        facts={"release": "r1"},
        identity=identity,
    )
    return folder / "clip.mp4"


def anchored(path: Path, identity: Identity) -> ManifestCheck:
    return check(path, anchors_pem=identity.authority_pem)


def test_a_signed_release_holds_and_says_it_is_a_test(signed: Path, identity: Identity) -> None:
    result = anchored(signed, identity)
    assert result.binding is Binding.HOLDS, result.faults
    assert result.signer is ManifestSigner.TEST_ONLY
    assert result.release["release"] == "r1"


def test_a_real_authority_is_known_only_where_it_is_anchored(tmp_path: Path, original: Path) -> None:
    real = make_identity("Pine County Sheriff", NOW)
    sidecar = seal_original(original, "original recording", real)
    assert check(original, sidecar=sidecar, anchors_pem=real.authority_pem).signer is ManifestSigner.KNOWN
    assert check(original, sidecar=sidecar).signer is ManifestSigner.NOT_KNOWN


def test_sealing_leaves_the_original_as_it_was(original: Path, identity: Identity) -> None:
    before = original.read_bytes()
    sidecar = seal_original(original, "original recording", identity)
    assert original.read_bytes() == before
    assert check(original, sidecar=sidecar).binding is Binding.HOLDS


def test_sealing_a_large_file_takes_little_memory(tmp_path: Path, original: Path, identity: Identity) -> None:
    large = tmp_path / "large.mp4"
    size = 64 << 20
    large.write_bytes(original.read_bytes() + size.to_bytes(4, "big") + b"mdat" + bytes(size - 8))
    before = large.read_bytes()
    tracemalloc.start()
    seal = seal_original(large, "large", identity)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 << 20
    assert large.read_bytes() == before
    assert check(large, sidecar=seal).binding is Binding.HOLDS


def test_a_changed_original_breaks_its_seal_and_is_not_signed_over(
    tmp_path: Path, original: Path, identity: Identity, signed: Path
) -> None:
    sidecar = seal_original(original, "original recording", identity)
    changed = tmp_path / "changed.mp4"
    shutil.copy(original, changed)
    _flip(changed, _box(changed, "mdat") + 100)
    assert check(changed, sidecar=sidecar).binding is Binding.BROKEN
    with pytest.raises(CustodyError, match="does not match its seal"):
        sign_release(
            signed,
            tmp_path / "out.mp4",
            title="out.mp4",
            original=changed,
            original_sidecar=sidecar,
            edits=[],
            facts={},
            identity=identity,
        )
    assert not list(tmp_path.glob("out.mp4*"))


def _box(path: Path, kind: str) -> int:
    with path.open("rb") as file:
        return next(box.start for box in boxes(file) if box.kind == kind)


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x01
    path.write_bytes(data)


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def _pad(path: Path) -> None:
    data = path.read_bytes()
    _flip(path, data.index(b"cpad\x59") + 40)


CHANGES: dict[str, Callable[[Path], None]] = {
    "mdat": lambda path: _flip(path, _box(path, "mdat") + 64),
    "moov": lambda path: _flip(path, _box(path, "moov") + 40),
    "last byte": lambda path: _flip(path, path.stat().st_size - 1),
    "ftyp": lambda path: _flip(path, _box(path, "ftyp") + 9),
    "padding": _pad,
    "box head": lambda path: _flip(path, _box(path, "uuid") + 38),
    "truncated": lambda path: os.truncate(path, path.stat().st_size - 1),
    "appended bytes": lambda path: _append(path, b"0123456789"),
    "appended free box": lambda path: _append(path, (16).to_bytes(4, "big") + b"free" + b"hidden!!"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_to_a_lone_file_is_found(name: str, tmp_path: Path, signed: Path, identity: Identity) -> None:
    copy = tmp_path / "copy.mp4"
    shutil.copy(signed, copy)
    CHANGES[name](copy)
    result = anchored(copy, identity)
    assert result.binding is Binding.BROKEN
    assert result.faults


def _remux(path: Path) -> None:
    """The same packets in a new container."""
    out = path.with_name("again.mp4")
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        streams: dict[int, Any] = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    out.replace(path)


def _encode_again(path: Path) -> None:
    out = path.with_name("again.mp4")
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        video: Any = target.add_stream("libx264", rate=30)
        video.width, video.height = source.streams.video[0].width, source.streams.video[0].height
        for frame in source.decode(video=0):
            frame.pict_type = 0
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
    out.replace(path)


COPIES: dict[str, Callable[[Path], None]] = {"remuxed": _remux, "encoded again": _encode_again}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_without_its_manifest_is_not_taken_for_the_release(name: str, tmp_path: Path, signed: Path) -> None:
    copy = tmp_path / "copy.mp4"
    shutil.copy(signed, copy)
    COPIES[name](copy)
    assert check(copy).binding is Binding.ABSENT


def test_a_clip_without_manifest_says_so(original: Path) -> None:
    assert check(original).binding is Binding.ABSENT


def test_a_signed_clip_is_not_overwritten(signed: Path, original: Path, identity: Identity) -> None:
    before = signed.read_bytes()
    with pytest.raises(CustodyError, match="already exists"):
        sign_release(
            original,
            signed,
            title="x",
            original=original,
            original_sidecar=b"",
            edits=[],
            facts={},
            identity=identity,
        )
    assert signed.read_bytes() == before


def test_a_key_is_kept_with_its_passphrase_and_never_replaced(tmp_path: Path, identity: Identity) -> None:
    save_identity(identity, tmp_path / "keys", b"correct horse")
    assert b"ENCRYPTED" in (tmp_path / "keys" / "signer.key").read_bytes()
    assert (tmp_path / "keys" / "signer.key").stat().st_mode & 0o077 == 0
    assert load_identity(tmp_path / "keys", b"correct horse").name == identity.name
    with pytest.raises(SigningKeyError, match="does not open"):
        load_identity(tmp_path / "keys", b"wrong")
    with pytest.raises(SigningKeyError, match="needs a passphrase"):
        load_identity(tmp_path / "keys", None)
    with pytest.raises(SigningKeyError, match="already"):
        save_identity(identity, tmp_path / "keys", None)
