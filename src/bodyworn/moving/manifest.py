"""The manifest of a part of a backup: what is in it with its digests, of which record, signed with the log's key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bodyworn.custody.checkpoint import CheckpointSigner, CheckpointVerifier
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.errors import CustodyError
from bodyworn.storage.files import write_whole
from bodyworn.storage.objects.local import digest_file, nobody

#: File of the manifest of a part that is a folder.
MANIFEST = "manifest.txt"


class BackupPart(StrEnum):
    """The three parts, each of which can lie in another place."""

    RECORD = "record"
    OBJECTS = "objects"
    KEYS = "keys"


@dataclass(frozen=True)
class PartManifest:
    """One part of the backup ``backup``, made at ``made_at`` of a record with ``rows`` rows up to the hash ``head``.

    ``key`` is the public key of the log. ``files`` are the part's files by name, with their SHA-256; ``objects`` are
    the stored files, which are named by theirs, and ``damaged`` those that were not as they were and are not in it.
    """

    part: BackupPart
    backup: str
    made_at: str
    rows: int
    head: str
    key: str
    files: Mapping[str, str] = field(default_factory=dict)
    objects: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()

    def write(self, path: Path, signer: CheckpointSigner) -> None:
        """Write it as a signed note."""
        text = json.dumps(to_json(self), sort_keys=True, ensure_ascii=True)
        write_whole(path, signer.sign_text(f"{signer.name}\nbackup {self.part}\n{text}\n"), mode=0o600)

    @classmethod
    def unchecked(cls, path: Path, part: BackupPart) -> PartManifest:
        """The manifest at ``path``, whoever wrote it; :class:`CustodyError` that names the part if there is none."""
        try:
            _, kind, text, *_ = path.read_text("utf-8").split("\n", 3)
            if kind != f"backup {part}":
                raise ValueError
            return from_json(cls, json.loads(text))
        except (OSError, ValueError):
            raise refused(part, f"has no manifest that can be read in {path.parent}") from None

    def check_signed(self, path: Path, verifier: CheckpointVerifier) -> None:
        """Raise :class:`CustodyError` unless the note at ``path`` is signed with that key."""
        try:
            verifier.signed_text(path.read_text("utf-8"))
        except (OSError, ValueError):
            raise refused(self.part, "has a manifest that the key of its record did not sign") from None

    def check_same(self, other: PartManifest) -> None:
        """Raise :class:`CustodyError` unless ``other`` is of the same backup of the same record."""
        mine = (self.backup, self.made_at, self.rows, self.head, self.key)
        if mine != (other.backup, other.made_at, other.rows, other.head, other.key):
            raise refused(other.part, f"belongs to another backup than the record of {self.backup}")

    def check_files(self, folder: Path) -> None:
        """Read each of its files; :class:`CustodyError` for one that is missing, changed or does not belong there."""
        there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()} - {MANIFEST}
        for name, sha256 in self.files.items():
            path = folder / name
            if path.is_symlink() or not path.is_file():
                raise refused(self.part, f"lacks the file {name}")
            if digest_file(path, nobody).sha256 != sha256:
                raise refused(self.part, f"has a file that was changed or cut off: {name}")
        if more := sorted(there - set(self.files)):
            raise refused(self.part, f"has a file that does not belong to it: {more[0]}")


def refused(part: BackupPart, why: str) -> CustodyError:
    """A backup that is not used, because of that part."""
    return CustodyError(
        f"the backup is not used: the part {part} {why}", "Take another backup, and keep this one to see what happened"
    )
