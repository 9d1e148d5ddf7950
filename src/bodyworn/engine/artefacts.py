"""Artefacts in the object store: one JSON object with the data and the digests of its files; its digest names it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bodyworn.domain.errors import CustodyError
from bodyworn.engine.stage import Artefact
from bodyworn.storage.objects.local import LocalObjects, nobody


@dataclass(frozen=True)
class Kept:
    """A stored artefact: its SHA-256 in hex, and those of all objects it consists of, itself first."""

    digest: str
    objects: tuple[str, ...]


class Artefacts:
    """Keeps and loads artefacts."""

    def __init__(self, objects: LocalObjects) -> None:
        self._objects = objects

    def keep(self, artefact: Artefact) -> Kept:
        """Move the files in, then write the artefact itself."""
        files = {name: self._objects.adopt(path).sha256 for name, path in sorted(artefact.files.items())}
        body = {"name": artefact.name, "data": artefact.data, "files": files}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        digest = self._objects.put_bytes(text.encode()).sha256
        return Kept(digest, (digest, *files.values()))

    def load(self, digest: str) -> Artefact:
        """The artefact of that digest; :class:`CustodyError` if it is missing or was changed."""
        if (fault := self._objects.faults(digest, nobody)) is not None:
            raise CustodyError(f"the stored artefact {digest} {fault}", "Run `bodyworn custody verify`")
        body = json.loads(self._objects.path(digest).read_bytes())
        files = {name: self._objects.path(sha256) for name, sha256 in body["files"].items()}
        return Artefact(body["name"], body["data"], files)
