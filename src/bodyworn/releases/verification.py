"""Is this the genuine clip? Three answers, each for itself.

*Whole file*: are the bytes those that were published? *Manifest*: does the C2PA manifest inside fit the bytes?
*Signer*: does the signature lead to an authority that the reader trusts? What cannot be known is said to be unknown.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bodyworn.custody.manifest import Binding, ManifestCheck, ManifestSigner, check
from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import NotMedia, UnreadableInput
from bodyworn.releases.package import CLIP
from bodyworn.releases.standalone import verify as standalone

ENTRIES_MOST = 200
UNPACKED_MOST_BYTES = 64 << 30


class State(StrEnum):
    """One answer."""

    HOLDS = "holds"
    BROKEN = "broken"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Answer:
    """A state and the sentences that explain it."""

    state: State
    said: tuple[str, ...]


@dataclass(frozen=True)
class Verification:
    """The three answers about a package or a file."""

    whole_file: Answer
    manifest: Answer
    signer: Answer

    @property
    def answers(self) -> Mapping[str, Answer]:
        """By name, in the order in which they are told."""
        return {"whole_file": self.whole_file, "manifest": self.manifest, "signer": self.signer}

    @property
    def genuine(self) -> bool:
        """Whether nothing is broken, and manifest and signer hold."""
        states = {name: answer.state for name, answer in self.answers.items()}
        return (
            State.BROKEN not in states.values()
            and states["manifest"] is State.HOLDS
            and states["signer"] is State.HOLDS
        )

    def to_json(self) -> dict[str, Json]:
        """The published form of the answers."""
        told = {name: to_json(answer) for name, answer in self.answers.items()}
        return {"schema": "https://bodyworn.org/schema/verification-1.json", "genuine": self.genuine, **told}


def verify(path: Path, anchors_pem: str = "", published_sha256: str | None = None) -> Verification:
    """Verify a package (folder or zip) or a lone clip against the authorities in ``anchors_pem``.

    ``published_sha256`` is the digest that the publisher gave, if the reader has one. Raises :class:`UnreadableInput`
    or :class:`NotMedia` for what is neither.
    """
    if path.is_dir():
        return _package(path, anchors_pem)
    if not path.is_file():
        raise UnreadableInput(f"no file is named {path.name}", "Check the path")
    if zipfile.is_zipfile(path):
        with tempfile.TemporaryDirectory(prefix="bodyworn-verify-") as folder:
            return _package(_unpacked(path, Path(folder)), anchors_pem)
    return _lone(path, anchors_pem, published_sha256 or _beside(path))


def _lone(path: Path, anchors_pem: str, published: str | None) -> Verification:
    found = check(path, anchors_pem=anchors_pem)
    if published is None:
        whole = Answer(State.NOT_KNOWN, ("no published SHA-256 was given, and no .sha256 file lies beside it",))
    elif Digest.of_file(path).sha256 == published:
        whole = Answer(State.HOLDS, ("the file is the published one, byte for byte",))
    else:
        whole = Answer(State.BROKEN, ("the file is not the published one: its SHA-256 differs",))
    return Verification(whole, _manifest(found), _signer(found))


def _package(folder: Path, anchors_pem: str) -> Verification:
    clip = folder / CLIP
    if not clip.is_file():
        raise NotMedia(f"{folder.name} holds no {CLIP}", "Name the folder or zip of a release package")
    told = standalone.verify(folder, anchors_pem.encode())
    files, statement = told["files"], told["statement"]
    faults = [
        sentence for part in (files, statement) if part["state"] == standalone.BROKEN for sentence in part["said"]
    ]
    whole = Answer(State.BROKEN if faults else State.HOLDS, tuple(faults or [*files["said"], *statement["said"]]))
    found = check(clip, anchors_pem=anchors_pem)
    manifest = _manifest(found)
    if manifest.state is State.HOLDS and not _same_release(folder, found.release):
        manifest = Answer(State.BROKEN, ("the clip's manifest is of another release than release.json",))
    return Verification(whole, manifest, _signer(found))


def _same_release(folder: Path, stated: Mapping[str, object]) -> bool:
    try:
        statement = json.loads((folder / standalone.STATEMENT).read_text())
        return bool(statement["release"] == stated.get("release"))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _manifest(found: ManifestCheck) -> Answer:
    if found.binding is Binding.HOLDS:
        return Answer(State.HOLDS, ("the manifest inside fits every byte of picture and sound",))
    if found.binding is Binding.ABSENT:
        return Answer(State.BROKEN, ("there is no manifest inside: it was re-encoded, cut, remuxed or never released",))
    return Answer(State.BROKEN, found.faults)


def _signer(found: ManifestCheck) -> Answer:
    if found.signer is ManifestSigner.KNOWN:
        return Answer(State.HOLDS, (f"signed by {found.signed_by}, under an authority you trust",))
    if found.signer is ManifestSigner.TEST_ONLY:
        return Answer(State.BROKEN, (f"signed by {found.signed_by}: a test authority, not a real release",))
    if found.signer is ManifestSigner.NONE:
        return Answer(State.NOT_KNOWN, ("no signature could be read",))
    said = f"signed by {found.signed_by}, under no authority that you named; get the agency's certificate from its site"
    return Answer(State.NOT_KNOWN, (said,))


def _beside(path: Path) -> str | None:
    """The digest in ``<file>.sha256``, as ``sha256sum`` writes it."""
    beside = path.with_name(path.name + ".sha256")
    match = re.match(r"[0-9a-f]{64}\b", beside.read_text(errors="replace")) if beside.is_file() else None
    return match.group() if match else None


def _unpacked(path: Path, folder: Path) -> Path:
    """The package folder inside a zip from outside: plain files in at most one folder, of bounded number and size."""
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = [entry.filename for entry in entries]
        if len(entries) > ENTRIES_MOST or sum(entry.file_size for entry in entries) > UNPACKED_MOST_BYTES:
            raise NotMedia(f"{path.name} is too large for a release package", "Name the package folder")
        if not all(re.fullmatch(r"(?:[\w.-]+/)?[\w.-]+", name) and ".." not in name for name in names):
            raise NotMedia(f"{path.name} is not a release package: it holds odd file names", "Name the package folder")
        archive.extractall(folder, members=_once(names))
    inner = [item for item in folder.iterdir() if item.is_dir()]
    return inner[0] if len(inner) == 1 and not (folder / CLIP).is_file() else folder


def _once(names: Iterable[str]) -> list[str]:
    unique = list(names)
    if len(set(unique)) != len(unique):
        raise NotMedia("the zip holds two files of one name", "Get the package from its publisher again")
    return unique
