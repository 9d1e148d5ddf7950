"""A recording: one file from one camera, as received."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bodyworn.domain import codec
from bodyworn.domain.codec import JsonObject, not_in_json
from bodyworn.domain.media_facts import MediaFacts

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}  # letters of several scripts need them


@dataclass(frozen=True)
class Recording:
    """A file in custody.

    ``facts`` is what the probe read from the container, as it is stored; :attr:`media` gives it types. ``sidecar`` has
    the mapped fields of the file that came with it. ``again`` is true on what ``ingest`` returns for bytes that were in
    custody already.
    """

    id: str
    name: str
    size_bytes: int
    sha256: str
    sha512: str
    taken_in_at: datetime
    facts: Mapping[str, Any]  # JSON; not JsonObject while faces read it by key
    sidecar: JsonObject | None = None
    again: bool = field(default=False, compare=False, metadata=not_in_json())

    @cached_property
    def media(self) -> MediaFacts:
        """The facts of the file; ``ValueError`` if they have another shape."""
        return codec.from_json(MediaFacts, self.facts, "facts")

    @property
    def duration_ms(self) -> int:
        """Length of the recording in milliseconds."""
        return int(self.facts["duration_ms"] or 0)

    def has(self, stream: str) -> bool:
        """Whether there is ``"audio"`` or ``"video"`` in it."""
        return bool(self.facts.get(stream))

    def to_json(self) -> dict[str, Any]:
        """The recording as the published schema has it."""
        whole = codec.to_json(self)
        return {"id": whole["id"], "name": whole["name"], "sha256": whole["sha256"], "sha512": whole["sha512"], **whole}


def recording_id(sha256: str) -> str:
    """The id of the recording with those bytes: ``rec_`` and the first 128 bits of the digest in base 32."""
    return "rec_" + base64.b32encode(bytes.fromhex(sha256)[:16]).decode().rstrip("=").lower()


def shown_name(untrusted_name: str) -> str:
    """A file name that is safe to show: control, direction and undecodable characters become U+FFFD."""
    name = unicodedata.normalize("NFC", untrusted_name.encode("utf-8", "replace").decode("utf-8"))
    return "".join(
        "\ufffd" if unicodedata.category(char) in _UNSAFE and char not in _JOINERS else char for char in name
    )
