#!/usr/bin/env python3
"""Verify this release package, offline: ``python verify.py [PACKAGE] [--authority PEM] [--sha256 HEX] [--json]``.

It needs Python 3.11 or newer and the package ``cryptography``, and nothing else. It answers three questions:

1. Is every file the one that was released? (SHA-256 of each file against ``contents.json`` and ``release.json``)
2. Does the statement hold? (the signature over ``release.json``, and the proof that the release is in the agency's
   audit log: RFC 6962 inclusion under a checkpoint whose key the agency's authority certifies)
3. Is the signer known? (only with the agency's certificate, from the agency's own site: ``--authority``)

Exit 0: all three hold. Exit 1: something does not hold. Exit 2: this is no package. Exit 3: all holds, but the signer
cannot be known without ``--authority``. It does not read the manifest inside the clip; any C2PA viewer does.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import importlib.util
import io
import itertools
import json
import os
import re
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

CLIP, CLIP_DIGEST = "clip.mp4", "clip.mp4.sha256"
CONTENTS = "contents.json"
STATEMENT, SIGNATURE, CHAIN = "release.json", "release.json.sig", "signer.pem"
PROOF, RECORD = "proof.json", "record.pem"
#: What signs and proves the statement, so that the statement cannot list it.
UNLISTED = frozenset({STATEMENT, SIGNATURE, CHAIN, PROOF, RECORD})
#: The other files that a package may hold.
PAPERS = frozenset(
    {
        CLIP_DIGEST,
        CONTENTS,
        "README.md",
        "caption.txt",
        "captions.srt",
        "captions.vtt",
        "certificate-draft.pdf",
        "exemptions.csv",
        "exemptions.pdf",
        "still.jpg",
        "verify.py",
    }
)
KNOWN = UNLISTED | PAPERS | {CLIP}
#: The statement of versions that fixed nothing before the approval and had no certificate of the audit log's key.
FORMER_SCHEMA = "https://bodyworn.org/schema/release-1.json"
#: In the certificate of an authority that certifies audit logs: statements of the former kind are not its.
CERTIFIES_LOGS = "2.25.303236637559672475940799095033317310897"
SCHEMA = "https://bodyworn.org/schema/release-2.json"
#: What a signer's certificate is for (RFC 5280, 4.2.1.12; C2PA 2.2, 14.5.1): e-mail, documents (RFC 9336), C2PA claims.
SIGNS = frozenset({"1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1"})
#: An authority may be for any purpose; a signer for named ones only.
ANY_PURPOSE = "2.5.29.37.0"
#: What a certificate may have been signed with.
HASHES = frozenset({"sha256", "sha384", "sha512"})
#: What stands in both, and has to be the same in both.
IN_BOTH = (
    *("release", "agency", "title", "authority", "made_at", "rendered_sha256", "plan_sha256", "original_sha256"),
    *("part_ms", "leaks_reported"),
)
#: What a text file of a package may have at most, and a paper; what may be taken up by unpacking.
TEXT_BYTES, PAPER_BYTES, PACKED_TIMES = 1 << 20, 256 << 20, 50
CHUNK, PROOF_STEPS = 1 << 20, 64
#: A zip that a Mac packed again has each file twice; more is not read, not even to say what it is.
MOST_ENTRIES = 2 * len(KNOWN) + 8
#: What systems put into a folder that a person looks at or copies. It is no part of a package; its presence is told.
LEFT_BY_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", *(f"._{name}" for name in KNOWN)})
#: What a head in a zip may carry beside its file: large sizes, times, owners (APPNOTE 4.5), but no other name.
ZIP_EXTRAS, ZIP_EXTRA_BYTES = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7875}), 64
#: A signed checkpoint as it goes into a package: origin, size, root, and one signature under the same name.
CHECKPOINT = re.compile(r"([^\n]+)\n(\d{1,18})\n([\w+/=]{44})\n\n\N{EM DASH} ([^\n]+) ([\w+/=]+)\n")
DAY_TOLERANCE_S = 86_400
HOLDS, BROKEN, NOT_KNOWN = "holds", "broken", "not known"
#: Kinds of characters (Unicode) that are not shown: they steer, turn or hide text, or break lines.
HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
TEST_MARK = "TEST ONLY"
_SHOWN = 160


class NoPackage(Exception):
    """What was named is no release package; the text says why."""


class DoesNotHold(Exception):
    """Something does not hold; the text says what."""


def clean(text: object) -> str:
    """Text from outside as it may be shown: no control characters or marks that turn or hide text, cut when long."""
    kept = str(text)[: _SHOWN * 2]
    shown = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in HIDDEN else char for char in kept)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"


class FolderPackage:
    """The files directly in a folder. Links, pipes, devices and folders are faults and are never opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []
        self.sizes: dict[str, int] = {}
        self.beside: list[str] = []
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, 2 * len(KNOWN) + 100):
                if not entry.is_file(follow_symlinks=False):
                    self.faults.append(f"{clean(entry.name)} is not a plain file")
                elif entry.name in LEFT_BY_SYSTEMS:
                    self.beside.append(entry.name)
                elif entry.name not in KNOWN:
                    self.faults.append(f"{clean(entry.name)} was added")
                else:
                    self.sizes[entry.name] = entry.stat(follow_symlinks=False).st_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; :class:`DoesNotHold` if it is no plain file by now or cannot be read."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(self.folder / name, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise DoesNotHold(f"{name} is not a plain file")
                if is_hollow(file):
                    raise DoesNotHold(f"{name} says that it is far larger than what is stored")
                while chunk := file.read(CHUNK):
                    yield chunk
        except OSError:
            raise DoesNotHold(f"{name} cannot be read") from None

    def close(self) -> None:
        """Nothing to close."""


def is_hollow(file: BinaryIO) -> bool:
    """Whether a file is mostly holes: they take no room, and no end to read. Systems that do not tell have none."""
    status = os.fstat(file.fileno())
    stored = 512 * getattr(status, "st_blocks", status.st_size)
    if status.st_size <= PACKED_TIMES * stored + TEXT_BYTES or not hasattr(os, "SEEK_HOLE"):
        return False
    try:
        return file.seek(0, os.SEEK_HOLE) < status.st_size
    except OSError:
        return False
    finally:
        file.seek(0)


class ZipPackage:
    """The files of a zip, which is never unpacked: at most one folder, plain files, nothing beside them.

    Some programs believe the directory at the end and others the head of each file, so that one zip can show two
    contents. Here both have to say the same, and every byte belongs to one of them (APPNOTE 4.3).
    """

    def __init__(self, path: Path) -> None:
        self.faults: list[str] = []
        self.sizes: dict[str, int] = {}
        self.beside: list[str] = []
        self._entries: dict[str, tuple[zipfile.ZipInfo, int]] = {}
        self._file = path.open("rb")
        try:
            start = directory_of(self._file)
            infos = zipfile.ZipFile(self._file).infolist()
            refuse_others(infos)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RecursionError, struct.error):
            self._file.close()
            raise NoPackage(
                "it is not a zip that can be read, or there is something beside the files in the zip"
            ) from None
        except NoPackage:
            self._file.close()
            raise
        folders, end = set(), 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            folder, _, name = info.filename.rpartition("/")
            content = self._content(info) if info.header_offset == end else None
            if content is None or content + info.compress_size > start:
                self.faults.append("there is something beside the files in the zip")
                return
            end = self._end(info, content)
            if info.is_dir() and re.fullmatch(r"[\w.-]+/", info.filename):
                folders.add(info.filename[:-1])
                continue
            folders.add(folder)
            self._take(info, name, content)
        if end != start:
            self.faults.append("there is something beside the files in the zip")
        if len(folders) > 1 or not all(re.fullmatch(r"[\w.-]*", folder) and folder != ".." for folder in folders):
            self.faults.append("the zip holds more than one folder of plain names")

    def _content(self, info: zipfile.ZipInfo) -> int | None:
        """Where the content of an entry starts; ``None`` where its head and the directory do not say the same."""
        self._file.seek(info.header_offset)
        head = self._file.read(30)
        if len(head) < 30:
            return None
        mark, _, flags, method, _, crc, packed, size, name, extra = struct.unpack("<4s3H4s3I2H", head)
        named, more = self._file.read(name), self._file.read(extra)
        wide = struct.pack("<2Q", info.file_size, info.compress_size)
        said = {(info.CRC, info.compress_size, info.file_size)}
        if flags & 8:
            said |= {(0, 0, 0), (0, 0, info.file_size)}
        if more[:4] == b"\x01\x00\x10\x00" and more[4:20] == wide:
            said.add((info.CRC, 0xFFFFFFFF, 0xFFFFFFFF))
        same = (mark, flags, method) == (b"PK\x03\x04", info.flag_bits, info.compress_type)
        same = same and named == info.orig_filename.encode("utf-8" if flags & 0x800 else "cp437")
        plain = info.orig_filename == info.filename and not info.comment
        if not (same and plain and (crc, packed, size) in said and has_plain_extras(more, info.extra)):
            return None
        return int(info.header_offset + 30 + name + extra)

    def _end(self, info: zipfile.ZipInfo, content: int) -> int:
        """Where an entry ends, with the sizes that may stand behind it (APPNOTE 4.3.9)."""
        end = content + info.compress_size
        if info.flag_bits & 8:
            self._file.seek(end)
            behind = self._file.read(24)
            for form in ("<4s3I", "<4sI2Q", "<3I", "<I2Q"):
                values: tuple[Any, ...] = (info.CRC, info.compress_size, info.file_size)
                if form.startswith("<4s"):
                    values = (b"PK\x07\x08", *values)
                with suppress(struct.error):
                    if behind.startswith(struct.pack(form, *values)):
                        return end + struct.calcsize(form)
        return end

    def _take(self, info: zipfile.ZipInfo, name: str, content: int) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if name in self._entries:
            self.faults.append(f"{clean(name)} is there twice")
        elif kind not in (0, stat.S_IFREG):
            self.faults.append(f"{clean(name)} is not a plain file")
        elif name not in KNOWN:
            self.faults.append(f"{clean(name)} was added")
        elif info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.faults.append(f"{name} is packed in a way that a release is not")
        elif info.file_size > PACKED_TIMES * info.compress_size + TEXT_BYTES:
            self.faults.append(f"{name} says that it is far larger than what is packed")
        else:
            self._entries[name] = (info, content)
            self.sizes[name] = info.file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a file; :class:`DoesNotHold` if they are not what the zip says, or not all of it."""
        info, content = self._entries[name]
        size, crc = 0, 0
        try:
            for chunk in self._unpacked(info, content):
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
                if size > info.file_size:
                    break
                yield chunk
        except (OSError, EOFError, zlib.error):
            raise DoesNotHold(f"{name} cannot be unpacked") from None
        if (size, crc) != (info.file_size, info.CRC):
            raise DoesNotHold(f"{name} cannot be unpacked")

    def _unpacked(self, info: zipfile.ZipInfo, content: int) -> Iterator[bytes]:
        unpack = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
        at, end = content, content + info.compress_size
        while at < end:
            self._file.seek(at)
            packed = self._file.read(min(CHUNK, end - at))
            if not packed or (unpack is not None and unpack.eof):
                raise EOFError
            at += len(packed)
            if unpack is None:
                yield packed
                continue
            while chunk := unpack.decompress(packed, CHUNK):
                yield chunk
                packed = unpack.unconsumed_tail
        if unpack is not None and (not unpack.eof or unpack.unused_data):
            raise EOFError

    def close(self) -> None:
        """Close the zip."""
        self._file.close()


def directory_of(file: BinaryIO) -> int:
    """Where the one directory of a zip starts, which ends the file; ``ValueError`` where that is not so.

    A second directory for large zips (APPNOTE 4.3.14) has to be of this very one.
    """
    end = file.seek(-22, os.SEEK_END)
    mark, disks, here, count, size, start, comment = struct.unpack("<4sI2H2IH", file.read(22))
    file.seek(max(0, end - 76))
    large = file.read(min(76, end))
    if large[-20:-16] == b"PK\x06\x07":
        end -= 76
        wide = struct.unpack("<4sQ2H2I4Q4sIQI", large)
        if wide[:2] + wide[4:6] + wide[11:] != (b"PK\x06\x06", 44, 0, 0, 0, end, 1):
            raise ValueError
        if any(
            short not in (long, most)
            for short, long, most in zip(
                (here, count, size, start), wide[6:10], (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF), strict=True
            )
        ):
            raise ValueError
        here, count, size, start = wide[6:10]
    if (mark, disks, comment) != (b"PK\x05\x06", 0, 0) or here != count or start + size != end:
        raise ValueError
    if count > MOST_ENTRIES:
        raise NoPackage(f"it holds {count} entries, more than a release package has")
    if size > TEXT_BYTES:
        raise ValueError
    return int(start)


def refuse_others(infos: list[zipfile.ZipInfo]) -> None:
    """:class:`NoPackage` for a zip that a Mac made of a package, and for one with too many entries.

    What a Mac adds can hold pictures that it shows beside a file, so that such a zip is refused and not read in part.
    """
    if any(info.filename.startswith("__MACOSX/") or info.filename.endswith("/.DS_Store") for info in infos):
        raise NoPackage(
            "a Mac packed it again and added files of its own (__MACOSX, .DS_Store), so it is not the zip that was"
            " published. Unpack it and verify the folder in it, or get the published zip"
        )
    if len(infos) > len(KNOWN) + 1:
        raise NoPackage(f"it holds {len(infos)} entries, more than a release package has")


def has_plain_extras(*fields: bytes) -> bool:
    """Whether what heads carry beside their files is small and of kinds that name no other file."""
    for field in fields:
        at = 0
        while at < len(field):
            kind, length = (
                int.from_bytes(field[at : at + 2], "little"),
                int.from_bytes(field[at + 2 : at + 4], "little"),
            )
            at += 4 + length
            if kind not in ZIP_EXTRAS or at > min(len(field), ZIP_EXTRA_BYTES):
                return False
    return True


Package = FolderPackage | ZipPackage


def opened(path: Path) -> Package:
    """The package at ``path``; :class:`NoPackage` for what is none. Only what begins as a zip is read as one."""
    if path.is_dir():
        return FolderPackage(path)
    if not path.is_file():
        raise NoPackage("there is no such package")
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise NoPackage("it is neither the folder nor the zip of a release package")
    return ZipPackage(path)


def digest_of(package: Package, name: str) -> str:
    """SHA-256 of a file of the package, in hex; :class:`DoesNotHold` if it cannot be read."""
    done = hashlib.sha256()
    for chunk in package.chunks(name):
        done.update(chunk)
    return done.hexdigest()


def bytes_of(package: Package, name: str) -> bytes:
    """A small file of the package; :class:`DoesNotHold` if it is missing or larger than such a file is."""
    if name not in package.sizes:
        raise DoesNotHold(f"{name} is missing")
    data = bytearray()
    if package.sizes[name] <= TEXT_BYTES:
        for chunk in package.chunks(name):
            data += chunk
            if len(data) > TEXT_BYTES:
                break
        else:
            return bytes(data)
    raise DoesNotHold(f"{name} is larger than such a file is")


def document(data: bytes, name: str) -> dict[str, Any]:
    """A JSON object, each name in it once; :class:`DoesNotHold` for anything else."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=float)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError, UnicodeError):
        raise DoesNotHold(f"{name} cannot be read") from None
    if not isinstance(value, dict):
        raise DoesNotHold(f"{name} cannot be read")
    return value


def digests(value: object, name: str) -> dict[str, str]:
    """Names of files and their SHA-256, as a document lists them; :class:`DoesNotHold` for other names or forms."""
    if not isinstance(value, dict) or not all(
        isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest) for digest in value.values()
    ):
        raise DoesNotHold(f"{name} does not list files and their digests")
    for listed in value:
        if listed not in KNOWN - UNLISTED:
            raise DoesNotHold(f"{name} lists a file that no release package has: {clean(listed)}")
    return value


def check_files(package: Package, listed: dict[str, str]) -> list[str]:
    """Faults of the files: missing, changed, too large, or there without being listed."""
    faults = list(package.faults)
    for name, digest in listed.items():
        if name not in package.sizes:
            faults.append(f"{name} is missing")
        elif name != CLIP and package.sizes[name] > PAPER_BYTES:
            faults.append(f"{name} is larger than such a file is")
        else:
            try:
                if digest_of(package, name) != digest:
                    faults.append(f"{name} was changed")
            except DoesNotHold as fault:
                faults.append(str(fault))
    return faults + [f"{name} was added" for name in sorted(package.sizes.keys() - listed.keys() - UNLISTED)]


def check_contents(package: Package, statement: dict[str, Any], listed: dict[str, str]) -> list[str]:
    """Faults of what was approved: ``contents.json`` is the stated one, and lists all files but the signed clip."""
    if statement.get("schema") == FORMER_SCHEMA and CONTENTS not in listed:
        return []
    try:
        data = bytes_of(package, CONTENTS)
        contents = document(data, CONTENTS)
        approved = digests(contents.get("files"), CONTENTS)
    except DoesNotHold as fault:
        return [str(fault)]
    faults = []
    if statement.get("schema") != SCHEMA:
        faults.append(f"{STATEMENT} is not of a form that this verifier knows")
    if hashlib.sha256(data).hexdigest() != statement.get("contents_sha256"):
        faults.append(f"{STATEMENT} is about another {CONTENTS}")
    faults += [
        f"{STATEMENT} and {CONTENTS} differ in {name}"
        for name in IN_BOTH
        if name not in contents or contents[name] != statement.get(name)
    ]
    rest = {name: digest for name, digest in listed.items() if name not in (CLIP, CLIP_DIGEST, CONTENTS)}
    if approved != rest or CLIP not in listed:
        faults.append(f"{STATEMENT} and {CONTENTS} list other files")
    return faults


def check_chain(data: bytes, name: str, kind: type) -> list[Any]:
    """Certificates, leaf first, each issued by the next and the last one by itself; :class:`DoesNotHold` otherwise.

    Nothing signs this file, so that it may hold the certificates and nothing else.
    """
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        chain = list(x509.load_pem_x509_certificates(data))
        if not 2 <= len(chain) <= 5 or not isinstance(chain[0].public_key(), kind):
            raise DoesNotHold(f"{name} is not a certificate chain")
        if data.replace(b"\r\n", b"\n") != b"".join(item.public_bytes(Encoding.PEM) for item in chain):
            raise DoesNotHold(f"{name} holds more than certificates")
        for below, (child, parent) in enumerate(itertools.pairwise([*chain, chain[-1]])):
            child.verify_directly_issued_by(parent)
            if not may_issue(parent, min(below, len(chain) - 2)):
                raise DoesNotHold(f"{name} holds a certificate that no authority issued")
        if chain[0].extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise DoesNotHold(f"{name} does not begin with a signer's certificate")
        if not may_sign(chain[0], must_say_for_what=name == CHAIN):
            raise DoesNotHold(f"{name} begins with a certificate that is not for signing releases")
        if any(item.signature_hash_algorithm and item.signature_hash_algorithm.name not in HASHES for item in chain):
            raise DoesNotHold(f"{name} holds a certificate that was signed in a way that is not safe any more")
        for item in chain:
            item.subject.rfc4514_string()
            outdated([item], item.not_valid_after_utc)
    except InvalidSignature:
        raise DoesNotHold(f"{name} is not a certificate chain") from None
    except DoesNotHold:
        raise
    except Exception:  # whatever the library meets in bytes from outside: unknown curves, versions, doubled extensions
        raise DoesNotHold(f"{name} cannot be read") from None
    return chain


def may_issue(authority: Any, below: int) -> bool:
    """Whether a certificate may issue others, with ``below`` authorities under it (RFC 5280, 4.2.1.3 and 4.2.1.9).

    One that is for named purposes only passes on no others.
    """
    from cryptography import x509

    limits = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not limits.ca or (limits.path_length is not None and limits.path_length < below):
        return False
    purposes = purposes_of(authority)
    return (
        has_known_rules(authority)
        and all(item.value.key_cert_sign for item in authority.extensions if isinstance(item.value, x509.KeyUsage))
        and (purposes is None or bool(purposes & (SIGNS | {ANY_PURPOSE})))
    )


def may_sign(leaf: Any, *, must_say_for_what: bool) -> bool:
    """Whether a certificate is for signatures, and for those of a release where it says what it is for.

    C2PA 2.2, 14.5.1: the key usage is there and has ``digitalSignature`` without ``keyCertSign``; the extended one is
    there and names the purpose, ``anyExtendedKeyUsage`` being none. That of an audit log may leave the purpose out.
    """
    from cryptography import x509

    usage = [item.value for item in leaf.extensions if isinstance(item.value, x509.KeyUsage)]
    purposes = purposes_of(leaf)
    if not has_known_rules(leaf) or not usage or not usage[0].digital_signature or usage[0].key_cert_sign:
        return False
    return not must_say_for_what if purposes is None else ANY_PURPOSE not in purposes and bool(purposes & SIGNS)


def purposes_of(certificate: Any) -> set[str] | None:
    """What a certificate says that it is for, as dotted numbers; ``None`` where it does not say."""
    from cryptography import x509

    for item in certificate.extensions:
        if isinstance(item.value, x509.ExtendedKeyUsage):
            return {purpose.dotted_string for purpose in item.value}
    return None


def has_known_rules(certificate: Any) -> bool:
    """Whether every rule that a certificate calls critical is one of those read here (RFC 5280, 4.2)."""
    from cryptography import x509

    known = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage)
    return all(isinstance(item.value, known) for item in certificate.extensions if item.critical)


def check_signature(package: Package, stated: bytes) -> list[Any]:
    """The chain whose leaf signed the statement; :class:`DoesNotHold` otherwise."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    chain = check_chain(bytes_of(package, CHAIN), CHAIN, ec.EllipticCurvePublicKey)
    try:
        data = bytes_of(package, SIGNATURE)
        signature = base64.b64decode(data.strip(), validate=True)
        if data.replace(b"\r\n", b"\n") != base64.b64encode(signature) + b"\n":
            raise DoesNotHold(f"{SIGNATURE} holds more than a signature")
        chain[0].public_key().verify(signature, stated, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise DoesNotHold(f"the signature does not fit {STATEMENT}") from None
    except binascii.Error:
        raise DoesNotHold(f"{SIGNATURE} cannot be read") from None
    return chain


def record_key(package: Package, statement: dict[str, Any], chain: list[Any]) -> tuple[str, bytes, list[Any]]:
    """Name and public key of the agency's audit log, as the authority of ``chain`` certifies them, and how it does.

    Statements of the former kind name the key themselves; that counts for as much as the statement's signature does.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    record = statement.get("record")
    verifier = record.get("verifier") if isinstance(record, dict) else None
    if not isinstance(verifier, str):
        raise DoesNotHold(f"{STATEMENT} names no audit log")
    name, _, rest = verifier.partition("+")
    try:
        key = base64.b64decode(rest.partition("+")[2], validate=True)[1:]
        if len(key) != 32:
            raise ValueError
    except ValueError:
        raise DoesNotHold(f"{STATEMENT} names no audit log") from None
    if statement.get("schema") == FORMER_SCHEMA:
        if any(extension.oid.dotted_string == CERTIFIES_LOGS for extension in chain[-1].extensions):
            raise DoesNotHold(f"{STATEMENT} is of a former kind, which this authority does not sign")
        return name, key, []
    certified = check_chain(bytes_of(package, RECORD), RECORD, Ed25519PublicKey)
    if certified[-1] != chain[-1]:
        raise DoesNotHold(f"{RECORD} is from another authority than the signer")
    names = certified[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    if certified[0].public_key().public_bytes_raw() != key or [str(item.value) for item in names] != [name]:
        raise DoesNotHold(f"{RECORD} certifies another audit log")
    return name, key, certified


def check_proof(package: Package, stated: bytes, name: str, key: bytes) -> datetime:
    """When the statement came into the audit log, proven by its signed checkpoint; :class:`DoesNotHold` otherwise."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        proof = document(bytes_of(package, PROOF), PROOF)
        event = document(proof["body"].encode(), PROOF)
        signed = CHECKPOINT.fullmatch(proof["checkpoint"])
        if signed is None or set(proof) != {"body", "prev", "path", "checkpoint"} or signed[1] != signed[4]:
            raise ValueError
        origin, size, root = signed[1], int(signed[2]), base64.b64decode(signed[3], validate=True)
        signature = base64.b64decode(signed[5], validate=True)[4:]
        text = proof["checkpoint"].partition("\n\n")[0] + "\n"
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
        leaf = hashlib.sha256(b"\x00" + bytes.fromhex(proof["prev"]) + proof["body"].encode()).digest()
        path = [bytes.fromhex(step) for step in proof["path"]]
        about, seq, at = event["detail"].get("statement"), int(event["seq"]), datetime.fromisoformat(event["at"])
    except InvalidSignature:
        raise DoesNotHold("the checkpoint's signature does not hold") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        raise DoesNotHold(f"{PROOF} cannot be read") from None
    if origin != name:
        raise DoesNotHold("the checkpoint is of another audit log")
    if about != hashlib.sha256(stated).hexdigest():
        raise DoesNotHold(f"the audit log speaks of another {STATEMENT}")
    if len(path) > PROOF_STEPS or not is_included(leaf, seq - 1, size, path, root):
        raise DoesNotHold("the release is not in the audit log that the checkpoint signs")
    if at.tzinfo is None:
        raise DoesNotHold(f"{PROOF} cannot be read")
    return at


def is_included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: whether ``path`` leads from leaf ``index`` of ``size`` to ``root``."""
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = hashlib.sha256(b"\x01" + step + node).digest()
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + step).digest()
        here, last = here >> 1, last >> 1
    return last == 0 and node == root


def outdated(chain: list[Any], when: datetime) -> Any:
    """The first certificate of ``chain`` that was not valid ``when``, give or take a day before; ``None`` for none."""
    for item in chain:
        early, late = item.not_valid_before_utc.timestamp() - DAY_TOLERANCE_S, item.not_valid_after_utc.timestamp()
        if not early <= when.timestamp() <= late:
            return item
    return None


def check_signer(chain: list[Any], signed_at: datetime | None, trusted_pem: bytes, named: bool) -> tuple[str, str]:
    """State and a sentence on who signed. The authority in the package itself proves nothing.

    Certificates have to be valid when the audit log took the statement in, not now.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    if not chain:
        return BROKEN, "no signature holds"
    root = chain[-1]
    name, fingerprint = clean(root.subject.rfc4514_string()), root.fingerprint(hashes.SHA256()).hex()
    if TEST_MARK in root.subject.rfc4514_string():
        return BROKEN, f"signed under a test authority ({name}): this is not a real release"
    now = datetime.now(UTC)
    when = signed_at or now
    if (old := outdated(chain, when)) is not None:
        return BROKEN, f"the certificate of {clean(old.subject.rfc4514_string())} was not valid when it signed"
    if not trusted_pem.strip():
        return NOT_KNOWN, f"signed under {name}; compare its fingerprint with the agency's own site: {fingerprint}"
    known = [item.fingerprint(hashes.SHA256()) for item in x509.load_pem_x509_certificates(trusted_pem)]
    if root.fingerprint(hashes.SHA256()) not in known:
        if not named:
            return (
                NOT_KNOWN,
                f"signed under {name}, none of the authorities trusted here; its fingerprint: {fingerprint}",
            )
        return BROKEN, f"signed under {name}, which is not the authority you gave ({fingerprint})"
    late = chain[0].not_valid_after_utc < now
    since = f"; its certificate was valid then, on {signed_at:%Y-%m-%d}, and has expired since" if late else ""
    return HOLDS, f"signed under {name}, which you trust{since}"


def verify(
    path: Path, trusted_pem: bytes = b"", published_sha256: str | None = None, *, named: bool = True
) -> dict[str, Any]:
    """The three answers for a package: each ``{"state": …, "said": [sentences]}``; :class:`NoPackage` for no package.

    ``trusted_pem`` are certificates of authorities, from outside the package; ``named`` is whether one of them must
    have signed, and not just may. ``published_sha256`` is the SHA-256 of clip or zip that its publisher gave.
    """
    package = opened(path)
    with closing(package):
        if CLIP not in package.sizes and not package.faults:
            raise NoPackage(f"it holds no {CLIP}")
        answers = answered(package, trusted_pem, named)
        if published_sha256 is not None and published_sha256.lower() not in published(path, package):
            files = answers["files"]
            said = files["said"] if files["state"] == BROKEN else []
            files.update(state=BROKEN, said=[*said, "neither the clip nor the zip has the SHA-256 that you gave"])
    for answer in answers.values():
        answer["said"] = [clean(sentence) for sentence in answer["said"]]
    return answers


def published(path: Path, package: Package) -> set[str]:
    """The digests under which a package may have been published: of its clip, and of the zip itself."""
    found = set()
    if CLIP in package.sizes:
        with suppress(DoesNotHold):
            found.add(digest_of(package, CLIP))
    if path.is_file():
        with path.open("rb") as file:
            found.add(hashlib.file_digest(file, "sha256").hexdigest())
    return found


def answered(package: Package, trusted_pem: bytes, named: bool) -> dict[str, Any]:
    """The three answers for an open package."""
    try:
        stated = bytes_of(package, STATEMENT)
        statement = document(stated, STATEMENT)
        listed = digests(statement.get("files"), STATEMENT)
    except DoesNotHold as fault:
        faults = [*package.faults, str(fault)]
        return {name: {"state": BROKEN, "said": list(faults)} for name in ("files", "statement", "signer")}
    files = check_files(package, listed) + check_contents(package, statement, listed)
    if statement.get("schema") == FORMER_SCHEMA and RECORD in package.sizes:
        files.append(f"{RECORD} was added")
    chain: list[Any] = []
    faults, signed_at = [], None
    try:
        chain = check_signature(package, stated)
        name, key, certified = record_key(package, statement, chain)
        signed_at = check_proof(package, stated, name, key)
        if outdated(certified, signed_at) is not None:
            raise DoesNotHold(f"{RECORD} was not valid when the audit log took the statement in")
    except DoesNotHold as fault:
        faults.append(str(fault))
    state, said = check_signer(chain, signed_at, trusted_pem, named)
    holds = "release.json is signed and is in the agency's audit log"
    when = f" since {signed_at:%Y-%m-%d %H:%M} UTC" if signed_at else ""
    return {
        "files": {"state": BROKEN if files else HOLDS, "said": files or [as_released(package, listed)]},
        "statement": {"state": BROKEN if faults else HOLDS, "said": faults or [holds + when]},
        "signer": {"state": state, "said": [said]},
    }


def as_released(package: Package, listed: dict[str, str]) -> str:
    """What is said of files that hold, with what a system put beside them."""
    beside = ", ".join(sorted(package.beside))
    return f"{len(listed)} files are as released" + (
        f"; not of the release and not looked at: {beside}" if beside else ""
    )


def exit_code(answers: dict[str, Any]) -> int:
    """0 all holds, 1 something is broken, 3 the signer cannot be known."""
    states = {answer["state"] for answer in answers.values()}
    return 1 if BROKEN in states else 3 if NOT_KNOWN in states else 0


VERDICTS = {
    0: "GENUINE",
    1: "NOT SHOWN TO BE GENUINE: something does not hold",
    3: "NOT YET SHOWN TO BE GENUINE: nothing is wrong so far, but who signed it is not known. "
    "Get the agency's certificate from its own site and give it with --authority",
}


def main() -> int:
    """Read the arguments, print the answers, return the exit code."""
    parser = argparse.ArgumentParser(description="Verify this release package, offline.")
    parser.add_argument("package", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--authority", type=Path, help="the agency's certificate (PEM), from the agency's own site")
    parser.add_argument("--sha256", help="the SHA-256 of the clip or of the zip that the publisher gave")
    parser.add_argument("--json", action="store_true", help="print the answers as JSON")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack letters of a name
    if importlib.util.find_spec("cryptography") is None:
        print("This needs the Python package cryptography: python -m pip install cryptography", file=sys.stderr)
        return 2
    try:
        trusted = options.authority.read_bytes() if options.authority else b""
        if options.authority and b"BEGIN CERTIFICATE" not in trusted:
            raise ValueError("it is not a certificate (PEM)")
    except (OSError, ValueError) as error:
        print(f"cannot read the authority: {clean(error)}", file=sys.stderr)
        return 2
    try:
        answers = verify(options.package, trusted, options.sha256)
    except NoPackage as error:
        print(f"{clean(options.package.name)} is no release package: {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"cannot verify: {clean(error)}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(answers, indent=2))
    else:
        for question, answer in answers.items():
            print(f"{question:10} {answer['state'].upper()}: {'; '.join(answer['said'])}")
        print(VERDICTS[exit_code(answers)])
    return exit_code(answers)


if __name__ == "__main__":
    raise SystemExit(main())
