"""What kind of media a file begins like, told by its first bytes."""

from __future__ import annotations

from pathlib import Path

#: First bytes of other containers: a file that begins so and does not open is damaged, not something else.
MAGIC = {
    b"\x1aE\xdf\xa3": "Matroska or WebM",
    b"RIFF": "WAV or AVI",
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"ID3": "MP3",
    b"\x30\x26\xb2\x75": "ASF",
}


def begins_like(path: Path) -> str | None:
    """The name of the media family the first bytes belong to, or ``None``."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:12] not in (b"WAVE", b"AVI "):
        return None
    for magic, name in MAGIC.items():
        if head.startswith(magic):
            return name
    return None
