"""Is this the genuine clip? Three answers, each for itself.

*Whole file*: are the bytes those that were published? *Manifest*: does the C2PA manifest inside fit the bytes?
*Signer*: does the signature lead to an authority that the reader trusts? What cannot be known is said to be unknown.

A package is judged by the script that goes out with it (:mod:`bodyworn.releases.standalone.verify`), so that both give
one answer; the manifest is read beside it. Everything from outside is read in a child process with limits.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bodyworn.custody.manifest import Binding, ManifestCheck, ManifestSigner, check
from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import NotMedia, UnreadableInput
from bodyworn.media import sandbox
from bodyworn.releases.standalone import verify as standalone

#: A file is read at this pace at least; what takes longer is no release.
_BYTES_PER_SECOND = 20 << 20
_LEAST_SECONDS = 55
_ROOM_BYTES = 64 * sandbox.MIB


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
        return not self.broken and self.manifest.state is self.signer.state is State.HOLDS

    @property
    def broken(self) -> bool:
        """Whether something does not hold."""
        return State.BROKEN in {answer.state for answer in self.answers.values()}

    def to_json(self) -> dict[str, Json]:
        """The published form of the answers."""
        told = {name: to_json(answer) for name, answer in self.answers.items()}
        return {"schema": "https://bodyworn.org/schema/verification-1.json", "genuine": self.genuine, **told}


@dataclass(frozen=True)
class TrustedAuthorities:
    """Certificates from outside, as PEM: of authorities that sign releases, and of those that state the time.

    ``named`` is whether the reader named an authority for what is verified, so that another one is a fault.
    """

    signers: str = ""
    time: str = ""
    named: bool = True


def verify(path: Path, trusted: TrustedAuthorities | str = "", published_sha256: str | None = None) -> Verification:
    """Verify a package (folder or zip) or a lone clip against ``trusted`` authorities (a text: those that sign).

    ``published_sha256`` is the digest that the publisher gave, if the reader has one. Raises :class:`UnreadableInput`
    or :class:`NotMedia` for what is neither, :class:`DamagedMedia` for what takes more than a release may.
    """
    name = standalone.clean(path.name)
    try:
        there = path.is_dir() or path.is_file()
    except OSError:
        raise UnreadableInput(f"{name} cannot be read", "Check the path") from None
    if not there:
        what = f"{name} is not a plain file" if os.path.lexists(path) else f"no file is named {name}"
        raise UnreadableInput(what, "Check the path")
    size = _size_of(path)
    seconds = _LEAST_SECONDS + size // _BYTES_PER_SECOND
    limits = sandbox.Limits(
        cpu_seconds=seconds, wall_seconds=seconds, memory_bytes=4096 * sandbox.MIB, file_bytes=2 * size + _ROOM_BYTES
    )
    anchors = trusted if isinstance(trusted, TrustedAuthorities) else TrustedAuthorities(trusted)
    arguments: dict[str, Json] = {"path": os.fspath(path.absolute()), "anchors": to_json(anchors)}
    with tempfile.TemporaryDirectory(prefix="bodyworn-verify-") as scratch:
        arguments |= {"published_sha256": published_sha256, "scratch": scratch}
        found = sandbox.run(judge, arguments, limits, writable=[Path(scratch)])
    return from_json(Verification, found)


def _size_of(path: Path) -> int:
    """Bytes of the file, or of the clip of the folder; what a zip unpacks to is bounded by its own size."""
    if path.is_dir():
        clip = path / standalone.CLIP
        return clip.lstat().st_size if clip.is_file() else 0
    return path.stat().st_size


def judge(path: str, anchors: Json, published_sha256: str | None, scratch: str) -> Json:
    """The work of the child: the :class:`Verification` as JSON."""
    there, trusted = Path(path), from_json(TrustedAuthorities, anchors)
    if there.is_dir() or _begins_as_zip(there):
        return to_json(_package(there, trusted, published_sha256, Path(scratch)))
    return to_json(_lone(there, trusted, published_sha256))


def _begins_as_zip(path: Path) -> bool:
    """Whether the file is read as a zip by its first bytes; a zip behind another file counts for nothing."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _lone(path: Path, trusted: TrustedAuthorities, published: str | None) -> Verification:
    with path.open("rb") as file:
        if standalone.is_hollow(file):
            what = f"{standalone.clean(path.name)} says that it is far larger than what is stored"
            raise NotMedia(what, "Get the clip from its publisher again")
    found = check(path, anchors_pem=trusted.signers, time_anchors_pem=trusted.time)
    return Verification(_whole(path, published), _manifest(found), _signer(found))


def _whole(path: Path, published: str | None) -> Answer:
    """Whether a lone clip is the published one, and what that rests on: a digest that the reader has, or one beside it.

    Nobody signs the file beside a clip. Whoever changes the clip can change it too, so that it shows accidents only.
    """
    if published is not None:
        if Digest.of_file(path).sha256 == published.lower():
            return Answer(State.HOLDS, ("the file has the SHA-256 that you gave",))
        return Answer(State.BROKEN, ("the file is not the published one: its SHA-256 differs from the one you gave",))
    beside = _beside(path)
    if beside is None:
        said = "no published SHA-256 was given, and no .sha256 file lies beside it"
        return Answer(State.NOT_KNOWN, (said,))
    name = standalone.clean(path.name + ".sha256")
    if Digest.of_file(path).sha256 != beside:
        return Answer(State.BROKEN, (f"the SHA-256 of the file differs from the one in {name} beside it",))
    said = f"the file has the SHA-256 in {name} beside it; nobody signs that file, so this shows accidents only"
    return Answer(State.HOLDS, (said,))


def _package(path: Path, trusted: TrustedAuthorities, published: str | None, scratch: Path) -> Verification:
    try:
        told = standalone.verify(path, trusted.signers.encode(), published, named=trusted.named)
    except standalone.NoPackage as error:
        raise NotMedia(
            f"{standalone.clean(path.name)}: {error}", "Name the folder or zip of a release package"
        ) from None
    files, statement = told["files"], told["statement"]
    faults = [
        sentence for part in (files, statement) if part["state"] == standalone.BROKEN for sentence in part["said"]
    ]
    whole = Answer(State.BROKEN if faults else State.HOLDS, tuple(faults or [*files["said"], *statement["said"]]))
    state = State(told["signer"]["state"].replace(" ", "_"))
    signer = Answer(state, tuple(told["signer"]["said"]))
    with closing(standalone.opened(path)) as package:
        clip = _clip(package, scratch)
        if clip is None:
            return Verification(whole, Answer(State.BROKEN, ("there is no clip that can be read",)), signer)
        found = check(clip, anchors_pem=trusted.signers, time_anchors_pem=trusted.time)
        manifest = _manifest(found)
        if manifest.state is State.HOLDS and (differs := _unlike(package, found)):
            manifest = Answer(State.BROKEN, (differs,))
    return Verification(whole, manifest, _both(signer, found))


def _clip(package: standalone.Package, scratch: Path) -> Path | None:
    """The clip as a file of its own, which its manifest needs; ``None`` where there is none."""
    if standalone.CLIP not in package.sizes:
        return None
    copy = scratch / standalone.CLIP
    try:
        if isinstance(package, standalone.FolderPackage):
            next(package.chunks(standalone.CLIP), b"")
            return package.folder / standalone.CLIP
        with copy.open("wb") as file:
            file.writelines(package.chunks(standalone.CLIP))
    except (OSError, standalone.DoesNotHold):
        return None
    return copy


def _unlike(package: standalone.Package, found: ManifestCheck) -> str:
    """How the clip's manifest and the signed statement differ, as a sentence; empty where they are of one release."""
    try:
        statement = standalone.document(standalone.bytes_of(package, standalone.STATEMENT), standalone.STATEMENT)
    except standalone.DoesNotHold as fault:
        return str(fault)
    names = ["release", "rendered_sha256", "plan_sha256", "original_sha256"]
    if statement.get("schema") != standalone.FORMER_SCHEMA:
        names += ["agency", "title", "contents_sha256"]
    if any(name not in statement or found.release.get(name) != statement[name] for name in names):
        return "the clip's manifest is of another release than release.json"
    return ""


def _both(statement: Answer, found: ManifestCheck) -> Answer:
    """Who signed: the statement and the clip have to lead to the same authority.

    The statement lists the digest of the clip. So where the statement holds at the time that the audit log proves, a
    certificate of the clip that has expired since is no fault.
    """
    if statement.state is not State.HOLDS:
        return statement
    if found.signer in (ManifestSigner.KNOWN, ManifestSigner.EXPIRED):
        return statement
    return _signer(found)


def _manifest(found: ManifestCheck) -> Answer:
    if found.binding is Binding.HOLDS and not found.release:
        return Answer(State.BROKEN, ("the manifest inside is of no release, but of a recording or of something else",))
    if found.binding is Binding.HOLDS:
        return Answer(State.HOLDS, ("the manifest inside fits every byte of picture and sound",))
    if found.binding is Binding.ABSENT:
        return Answer(State.BROKEN, ("there is no manifest inside: it was re-encoded, cut, remuxed or never released",))
    return Answer(State.BROKEN, tuple(map(standalone.clean, found.faults)))


def _signer(found: ManifestCheck) -> Answer:
    who = standalone.clean(found.signed_by)
    if found.signer is ManifestSigner.KNOWN:
        return Answer(State.HOLDS, (f"signed by {who}, under an authority you trust",))
    if found.signer is ManifestSigner.TEST_ONLY:
        return Answer(State.BROKEN, (f"signed by {who}: a test authority, not a real release",))
    if found.signer is ManifestSigner.NONE:
        return Answer(State.NOT_KNOWN, ("no signature could be read",))
    if found.signer is ManifestSigner.EXPIRED:
        said = f"signed by {who}, whose certificate has expired since; the package proves when it was signed"
        return Answer(State.NOT_KNOWN, (said,))
    said = f"signed by {who}, under no authority that you named; get the agency's certificate from its site"
    return Answer(State.NOT_KNOWN, (said,))


def _beside(path: Path) -> str | None:
    """The digest in ``<file>.sha256``, as ``sha256sum`` writes it."""
    beside = path.with_name(path.name + ".sha256")
    if not beside.is_file() or beside.is_symlink():
        return None
    with beside.open("rb") as file:
        match = re.match(r"[0-9a-f]{64}\b", file.read(200).decode("ascii", "replace"))
    return match.group() if match else None
