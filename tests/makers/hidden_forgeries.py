"""Forgeries that leave every signed byte as it is: they use what no signature covers, or what two programs read apart.

That is a manifest store inside a clip, the chains and proofs beside a statement, the heads of a zip, holes in a file.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bodyworn.media.mp4 import Mp4Box, top_boxes
from tests.makers.forgeries import Change, Forgery, Scene, appended, edited, zipped

LIE = b"The driver had a gun"
_HEAD = 45  #: Bytes of a C2PA box before its store.
_CURVE, _OTHER_CURVE = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030177")


@dataclass
class Box:
    """A JUMBF box: ``data`` is its content, for a superbox its description, which ``inside`` follows."""

    kind: bytes
    data: bytes
    inside: list[Box]

    def written(self) -> bytes:
        content = self.data + b"".join(box.written() for box in self.inside)
        return struct.pack(">I", 8 + len(content)) + self.kind + content


def read_boxes(data: bytes) -> list[Box]:
    """All boxes that ``data`` is made of."""
    found = []
    while data:
        length, kind = int.from_bytes(data[:4], "big"), data[4:8]
        content = data[8:length]
        described = int.from_bytes(content[:4], "big") if kind == b"jumb" else len(content)
        found.append(Box(kind, content[:described], read_boxes(content[described:])))
        data = data[length:]
    return found


def _store_of(clip: Path) -> tuple[Mp4Box, list[Box]]:
    with clip.open("rb") as file:
        box = next(box for box in top_boxes(file) if box.uuid)
        file.seek(box.start + _HEAD)
        return box, read_boxes(file.read(box.length - _HEAD))


def lone(folder: Path) -> Path:
    """The clip by itself."""
    return Path((folder / "clip.mp4").rename(folder.with_suffix(".mp4")))


def in_the_store(place: Callable[[list[Box]], list[Box]], more: Box) -> Change:
    """A lone clip with a box more in its manifest store, for which padding that nothing signs makes room."""

    def change(folder: Path, _: Scene) -> Path:
        clip = lone(folder)
        box, store = _store_of(clip)
        place(store).append(more)
        signature = store[0].inside[1].inside[-1].inside[0]
        at = signature.data.rindex(b"cpad") + 5
        room = int.from_bytes(signature.data[at : at + 2], "big") - len(more.written())
        rest = signature.data[at + 2 + len(more.written()) :]
        signature.data = signature.data[:at] + room.to_bytes(2, "big") + rest
        data = clip.read_bytes()
        written = data[box.start : box.start + _HEAD] + b"".join(item.written() for item in store)
        assert len(written) == box.length
        clip.write_bytes(data[: box.start] + written + data[box.end :])
        return clip

    return change


def padding_renamed(folder: Path, _: Scene) -> Path:
    """A lone clip in whose signature the padding has another name, and text in it."""
    clip = lone(folder)
    data = clip.read_bytes()
    at = data.rindex(b"cpad")
    clip.write_bytes(data[:at] + b"clie" + data[at + 4 : at + 27] + LIE + data[at + 27 + len(LIE) :])
    return clip


def seal_of_the_original_broken(folder: Path, _: Scene) -> Path:
    """A lone clip whose signature of the original recording was changed."""
    clip = lone(folder)
    data = bytearray(clip.read_bytes())
    data[data.index(b"\xf6\x58\x40") + 20] ^= 1
    clip.write_bytes(data)
    return clip


def sealed_original(folder: Path, there: Scene) -> Path:
    """The original recording with the seal that a release of it carries as its ingredient: signed, never released."""
    _, store = _store_of(folder / "clip.mp4")
    data = (folder / "clip.mp4").read_bytes()
    at = data.index(b"uuid") - 4
    store[0].inside = store[0].inside[:1]
    box = data[at + 4 : at + _HEAD] + store[0].written()
    shown = folder.with_suffix(".mp4")
    footage = there.package.parents[2] / "footage.mp4"
    shown.write_bytes(footage.read_bytes() + struct.pack(">I", len(box) + 4) + box)
    return shown


def hollow(folder: Path, _: Scene) -> Path:
    """A clip of a tebibyte that takes a few kilobytes on the disk."""
    os.truncate(folder / "clip.mp4", 1 << 40)
    return folder


def lone_and_hollow(folder: Path, there: Scene) -> Path:
    """The same by itself."""
    return lone(hollow(folder, there))


def many_boxes(folder: Path, _: Scene) -> Path:
    """A lone clip whose index holds half a million empty boxes."""
    clip = lone(folder)
    data = clip.read_bytes()
    at = data.rindex(b"moov") - 4
    inside = data[at + 8 :] + struct.pack(">I4sQ", 1, b"free", 16) + (struct.pack(">I", 8) + b"free") * 500_000
    clip.write_bytes(data[:at] + struct.pack(">I", 8 + len(inside)) + b"moov" + inside)
    return clip


def in_the_leaf(old: bytes, new: bytes) -> Change:
    """A chain whose first certificate has other bytes in it."""

    def change(folder: Path, _: Scene) -> Path:
        lines = (folder / "signer.pem").read_text().split("-----END CERTIFICATE-----")
        leaf = base64.b64decode("".join(lines[0].splitlines()[1:]))
        assert old in leaf
        encoded = base64.encodebytes(leaf.replace(old, new, 1)).decode()
        lines[0] = f"-----BEGIN CERTIFICATE-----\n{encoded}"
        (folder / "signer.pem").write_text("-----END CERTIFICATE-----".join(lines))
        return folder

    return change


def second_signature(proof: dict[str, str]) -> None:
    """A line more in a checkpoint, before the one that signs it."""
    text, _, signature = proof["checkpoint"].partition("\n\n")
    proof["checkpoint"] = f"{text}\n\n\N{EM DASH} {LIE.decode()} AAAA\n{signature}"


def zip_entry(**values: object) -> Change:
    """A zip of the genuine files in which the entry of the captions has these values."""

    def change(folder: Path, _: Scene) -> Path:
        packed = zipped(folder, without=("captions.vtt",))
        info = zipfile.ZipInfo("release/captions.vtt")
        for name, value in values.items():
            setattr(info, name, value)
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr(info, (folder / "captions.vtt").read_bytes())
        return packed

    return change


def _field(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _other_name(name: str, now_in: str) -> bytes:
    """The extra field by which some programs take another name for a file (APPNOTE 4.6.9)."""
    return _field(0x7075, b"\x01" + struct.pack("<I", zlib.crc32(now_in.encode())) + name.encode())


def behind_content(method: int) -> Change:
    """A zip whose last file has text behind its content that counts as packed and is never unpacked."""

    def change(folder: Path, _: Scene) -> Path:
        packed = zipped(folder, method=method)
        with zipfile.ZipFile(packed) as archive:
            last = archive.infolist()[-1]
            start = archive.start_dir
        data = bytearray(packed.read_bytes())
        data[start:start] = LIE
        struct.pack_into("<I", data, last.header_offset + 18, last.compress_size + len(LIE))
        entry = data.rindex(b"PK\x01\x02")
        struct.pack_into("<I", data, entry + 20, last.compress_size + len(LIE))
        struct.pack_into("<I", data, len(data) - 6, start + len(LIE))
        packed.write_bytes(data)
        return packed

    return change


def in_the_head(offset: int, form: str, value: object) -> Change:
    """A zip in which the head of the captions says something else than the directory."""

    def change(folder: Path, _: Scene) -> Path:
        packed = zipped(folder)
        with zipfile.ZipFile(packed) as archive:
            at = archive.getinfo("release/captions.vtt").header_offset
        data = bytearray(packed.read_bytes())
        struct.pack_into(form, data, at + offset, value)
        packed.write_bytes(data)
        return packed

    return change


def two_directories(folder: Path, _: Scene) -> Path:
    """A zip with a directory for programs that read large zips, and another one, with other captions, for the rest.

    The second directory and its captions lie in the field that the head of the first file may carry.
    """
    content = b"WEBVTT\n\nlies\n"
    named = b"release/captions.vtt"
    info = zipfile.ZipInfo("release/a")
    at = 30 + len("release/README.md") + 4
    sizes = struct.pack("<3I", zlib.crc32(content), len(content), len(content))
    head = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 0, 0, 33) + sizes + struct.pack("<2H", len(named), 0) + named
    entry = b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 0, 0, 33) + sizes
    entry += struct.pack("<5H2I", len(named), 0, 0, 0, 0, 0, at) + named
    info = zipfile.ZipInfo("release/README.md")
    info.extra = _field(0x5455, head + content + entry)
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, (folder / "README.md").read_bytes())
        for path in sorted(folder.iterdir()):
            if path.name != "README.md":
                archive.write(path, f"release/{path.name}")
    data = packed.read_bytes()
    count, size, start = struct.unpack("<H2I", data[-12:-2])
    end = len(data) - 22
    large = b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, count, count, size, start)
    large += b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    small = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, len(entry), at + len(head + content), 0)
    packed.write_bytes(data[:end] + large + small)
    return packed


def many_entries(folder: Path, _: Scene) -> Path:
    """A zip whose directory lists half a million files."""
    packed = folder.with_suffix(".zip")
    entry = b"PK\x01\x02" + bytes(42)
    large = b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, 500_000, 500_000, 46 * 500_000, 4)
    large += b"PK\x06\x07" + struct.pack("<IQI", 0, 4 + 46 * 500_000, 1)
    small = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 0xFFFF, 0xFFFF, 46 * 500_000, 4, 0)
    packed.write_bytes(b"PK\x03\x04" + entry * 500_000 + large + small)
    return packed


def many_objects(folder: Path, _: Scene) -> Path:
    """A statement of a mebibyte that makes 150,000 objects."""
    (folder / "release.json").write_text(json.dumps({"files": [{"": 0}] * 100_000}, separators=(",", ":")))
    return folder


_FREE = Box(b"free", LIE, [])
_NAMED = b"json" + bytes.fromhex("00110010800000aa00389b71") + b"\x03lies\0"
_MORE = Box(b"jumb", struct.pack(">I", 8 + len(_NAMED)) + b"jumd" + _NAMED, [Box(b"json", b'"lies"', [])])
BESIDE = "beside the files in the zip"
HIDDEN_FORGERIES: dict[str, Forgery] = {
    "the unredacted original with its genuine seal": Forgery(sealed_original, "changed after signing"),
    "text in the padding of a clip's signature": Forgery(padding_renamed, "a header that nothing signs"),
    "text beside the manifests of a clip": Forgery(in_the_store(lambda store: store, _FREE), "beside the manifests"),
    "a box more in the store of a clip": Forgery(
        in_the_store(lambda store: store[0].inside, _MORE), "another manifest"
    ),
    "text behind a clip's signature": Forgery(
        in_the_store(lambda store: store[0].inside[1].inside[-1].inside, _FREE), "no place there"
    ),
    "text behind what a clip's manifest states": Forgery(
        in_the_store(lambda store: store[0].inside[1].inside[0].inside[2].inside, _FREE), "no place there"
    ),
    "a broken seal of the original in a clip": Forgery(seal_of_the_original_broken, "claimSignature.mismatch"),
    "a clip of a tebibyte of holes": Forgery(hollow, "far larger than what is stored"),
    "a lone clip of a tebibyte of holes": Forgery(lone_and_hollow, "far larger than what is stored"),
    "a clip whose index holds half a million boxes": Forgery(many_boxes, "holds more than 2000 boxes"),
    "text in the chain": Forgery(appended("signer.pem", LIE), "signer.pem holds more than certificates"),
    "text in the chain of the audit log": Forgery(appended("record.pem", LIE), "record.pem holds more than"),
    "blanks behind the signature": Forgery(appended("release.json.sig", b" \n"), "holds more than a signature"),
    "text in the proof": Forgery(
        edited("proof.json", lambda proof: proof.update(note=LIE.decode())), "proof.json cannot be read"
    ),
    "text in the checkpoint": Forgery(edited("proof.json", second_signature), "proof.json cannot be read"),
    "a signer's key on a curve that nobody knows": Forgery(in_the_leaf(_CURVE, _OTHER_CURVE), "signer.pem"),
    "a certificate of a version that nobody knows": Forgery(
        in_the_leaf(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x06"), "signer.pem cannot be read"
    ),
    "a statement of many objects": Forgery(many_objects, "does not list files"),
    "a zip with two directories": Forgery(two_directories, "zip"),
    "a zip of half a million entries": Forgery(many_entries, "entries"),
    "a zip with a comment on a file": Forgery(zip_entry(comment=LIE), BESIDE),
    "a zip with text in a head": Forgery(zip_entry(extra=_field(0x6C69, LIE)), BESIDE),
    "a zip with long text in a known field of a head": Forgery(zip_entry(extra=_field(0x5455, LIE * 9)), BESIDE),
    "a zip in which a file has two names": Forgery(
        zip_entry(extra=_other_name("release/caption.txt", "release/captions.vtt")), BESIDE
    ),
    "a zip with text behind a stored file": Forgery(behind_content(zipfile.ZIP_STORED), "verify.py cannot be unpacked"),
    "a zip with text behind a packed file": Forgery(
        behind_content(zipfile.ZIP_DEFLATED), "verify.py cannot be unpacked"
    ),
    "a zip whose head has another name": Forgery(in_the_head(30, "7s", b"rElease"), BESIDE),
    "a zip whose head has another size": Forgery(in_the_head(18, "<I", 7), BESIDE),
    "a zip whose head has another sum": Forgery(in_the_head(14, "<I", 7), BESIDE),
    "a zip whose head has another method": Forgery(in_the_head(8, "<H", 8), BESIDE),
}
