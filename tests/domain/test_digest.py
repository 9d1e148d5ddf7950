"""Digests are SHA-256 in lower-case hex and nothing else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bodyworn.domain.digest import CHUNK_BYTES, Digest


@pytest.mark.parametrize("text", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        Digest(text)


def test_a_file_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * (CHUNK_BYTES // 200)
    (tmp_path / "a").write_bytes(data)
    assert Digest.of_file(tmp_path / "a") == Digest.of_bytes(data) == Digest(hashlib.sha256(data).hexdigest())
