"""Recordings of several cameras in a library, each with a sidecar that says when, where and for which call it was.

They are written as ingesting writes them, but nothing is probed: the bytes are no media, and a hundred take a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bodyworn.bootstrap import Library
from bodyworn.domain.codec import Json
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.event_details import Ingested, SidecarKept
from bodyworn.domain.recording import Recording, recording_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AUDIO = {"index": 0, "codec": "pcm_s16le", "sample_rate": 48000, "channels": 1, "layout": "mono", "start_ms": 0}


def filmed(
    library: Library, name: str, *, after_s: float | None = 0.0, seconds: float = 2.0, **fields: object
) -> Recording:
    """A recording ``after_s`` after noon by its sidecar (without a clock if ``None``), which has ``fields`` too."""
    kept = library.objects.put_bytes(f"no media, but {name}".encode())
    made = recording_id(kept.sha256)
    facts = {
        "container": "wav",
        "duration_ms": round(seconds * 1000),
        "size_bytes": kept.size_bytes,
        "recorded_at": None,
        "location": None,
        "audio": [{**AUDIO, "duration_ms": round(seconds * 1000)}],
        "video": [],
    }
    values: dict[str, Json] = {
        "id": made,
        "sha256": kept.sha256,
        "sha512": kept.sha512,
        "size_bytes": kept.size_bytes,
        "name": f"{name}.wav",
        "name_hex": f"{name}.wav".encode().hex(),
        "taken_in_at": stamp(now()),
        "facts": json.dumps(facts, sort_keys=True),
    }
    detail = Ingested(kept.sha512, kept.size_bytes, (kept.sha256,))
    with library.database.write() as transaction:
        library.audit_log.add_row(transaction, Tag.RECORDING_INGESTED, made, "recordings", values, detail)
    clock = {} if after_s is None else {"started_at_utc": stamp(NOON + timedelta(seconds=after_s))}
    with_sidecar(library, made, {**clock, **fields})
    return library.recordings.get(made)


def with_sidecar(library: Library, recording: str, fields: Mapping[str, object]) -> None:
    """Keep a sidecar with these fields for a recording; the newest one counts."""
    kept = library.objects.put_bytes(json.dumps([recording, fields]).encode())
    values: dict[str, Json] = {
        "id": f"{recording}-{kept.sha256[:32]}-{kept.sha256[:32]}",
        "recording_id": recording,
        "sha256": kept.sha256,
        "mapping_sha256": kept.sha256,
        "name": "side.json",
        "kept_at": stamp(now()),
        "fields": json.dumps(fields, sort_keys=True),
    }
    with library.database.write() as transaction:
        detail = SidecarKept((kept.sha256,))
        library.audit_log.add_row(transaction, Tag.SIDECAR_KEPT, recording, "sidecars", values, detail)
