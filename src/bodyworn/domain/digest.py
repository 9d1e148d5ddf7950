"""Digests as a type, and how files are read for them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_HEX = re.compile(r"[0-9a-f]{64}\Z")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Digest:
    """A SHA-256 in lower-case hex."""

    sha256: str

    def __post_init__(self) -> None:
        if not _HEX.match(self.sha256):
            raise ValueError(f"not a SHA-256: {self.sha256!r}")

    def __str__(self) -> str:
        return self.sha256

    @classmethod
    def of_bytes(cls, data: bytes) -> Digest:
        """Digest of ``data``."""
        return cls(hashlib.sha256(data).hexdigest())

    @classmethod
    def of_file(cls, path: Path) -> Digest:
        """Digest of a file's bytes, read once in chunks of 1 MiB."""
        state = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                state.update(chunk)
        return cls(state.hexdigest())
