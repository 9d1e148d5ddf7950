"""Artifacts in the object store: one JSON object with the data and the digests of its files; its digest names it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bodyworn.domain.errors import Code, CustodyError
from bodyworn.engine.stage import Artifact
from bodyworn.storage.objects.local import LocalObjects, nobody


@dataclass(frozen=True)
class StoredArtifact:
    """A stored artifact: its SHA-256 in hex, and those of all objects it consists of, itself first."""

    digest: str
    objects: tuple[str, ...]


class ArtifactStore:
    """Keeps and loads artifacts."""

    def __init__(self, objects: LocalObjects) -> None:
        self._objects = objects

    def keep(self, artifact: Artifact) -> StoredArtifact:
        """Move the files in, then write the artifact itself."""
        files = {name: self._objects.adopt(path).sha256 for name, path in sorted(artifact.files.items())}
        body = {"name": artifact.name, "data": artifact.data, "files": files}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        digest = self._objects.put_bytes(text.encode()).sha256
        return StoredArtifact(digest, (digest, *files.values()))

    def load(self, digest: str) -> Artifact:
        """The artifact of that digest; :class:`CustodyError` if it is missing or was changed."""
        if (fault := self._objects.faults(digest, nobody)) is not None:
            raise CustodyError(
                f"the stored artifact {digest} {fault}", "Verify the custody of the library", Code.CUSTODY_FAULT
            )
        body = json.loads(self._objects.path(digest).read_bytes())
        files = {name: self._objects.path(sha256) for name, sha256 in body["files"].items()}
        return Artifact(body["name"], body["data"], files)
