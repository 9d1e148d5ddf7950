"""The tables. Times are ISO 8601 text in UTC with milliseconds; JSON is text.

A table with ``info={"evidence": True}`` is covered by the audit log: each of its rows has its digest in an event,
so that a changed, added or removed row is found.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from bodyworn.storage import access_tables, retention_tables
from bodyworn.storage.schema import EVIDENCE, metadata

#: The other modules of tables are imported so that ``metadata`` knows all of them.
__all__ = ["EVIDENCE", "access_tables", "metadata", "retention_tables"]

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("sha512", String(128), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_hex", Text, nullable=False),
    Column("taken_in_at", String(24), nullable=False),
    Column("facts", Text, nullable=False),
    info=EVIDENCE,
)

sidecars = Table(
    "sidecars",
    metadata,
    Column("id", String(99), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("sha256", String(64), nullable=False),
    Column("mapping_sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("kept_at", String(24), nullable=False),
    Column("fields", Text, nullable=False),
    info=EVIDENCE,
)

choices = Table(
    "choices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
    Column("chosen_at", String(24), nullable=False),
    Column("chosen_by", Text, nullable=False),
    info=EVIDENCE,
)

results = Table(
    "results",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("stage", String(64), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("artefact", String(64), nullable=False),
    Column("made_at", String(24), nullable=False),
    info=EVIDENCE,
)

releases = Table(
    "releases",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("recording_id", ForeignKey("recordings.id"), nullable=False, index=True),
    Column("opened_at", String(24), nullable=False),
    info=EVIDENCE,
)

release_steps = Table(
    "release_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("release_id", ForeignKey("releases.id"), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", String(24), nullable=False),
    Column("clip_sha256", String(64), nullable=False),
    Column("detail", Text, nullable=False),
    info=EVIDENCE,
)

redactions = Table(
    "redactions",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("made_at", String(24), nullable=False),
    Column("made_by", Text, nullable=False),
    info=EVIDENCE,
)

# The id is ``redaction.version``, so that two people can never both write the same version.
redaction_plans = Table(
    "redaction_plans",
    metadata,
    Column("id", String(42), primary_key=True),
    Column("redaction_id", String(30), ForeignKey("redactions.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("plan_sha256", String(64), nullable=False),
    Column("made_at", String(24), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("counts", Text, nullable=False),
    info=EVIDENCE,
)

# An encounter gets its row with the first act about it; until then it is a recording alone.
encounters = Table(
    "encounters",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("made_at", String(24), nullable=False),
    Column("made_by", Text, nullable=False),
    info=EVIDENCE,
)

# The newest row of a recording says to which encounter it belongs; without one it is alone.
encounter_placements = Table(
    "encounter_placements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("encounter_id", String(30), ForeignKey("encounters.id"), nullable=False, index=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("reasons", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("stated_name", Text, nullable=False),
    Column("at", String(24), nullable=False),
    info=EVIDENCE,
)

encounter_declines = Table(
    "encounter_declines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("one_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("other_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("reasons", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("stated_name", Text, nullable=False),
    Column("at", String(24), nullable=False),
    info=EVIDENCE,
)

encounter_statements = Table(
    "encounter_statements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("encounter_id", String(30), ForeignKey("encounters.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("role", String(32), nullable=False),
    Column("value", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("stated_name", Text, nullable=False),
    Column("at", String(24), nullable=False),
    info=EVIDENCE,
)

# How a recording lies in time beside the others; ``detail`` is JSON of what measured or set it.
encounter_offsets = Table(
    "encounter_offsets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("encounter_id", String(30), ForeignKey("encounters.id"), nullable=False, index=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("offset_ms", BigInteger, nullable=False),
    Column("source", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("stated_name", Text, nullable=False),
    Column("at", String(24), nullable=False),
    info=EVIDENCE,
)

# The id comes from what the record says, so that the same record imported again is the same row.
dispatch_records = Table(
    "dispatch_records",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("number", Text, nullable=False, index=True),
    Column("fields", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("mapping_sha256", String(64), nullable=False),
    Column("row", Integer, nullable=False),
    Column("imported_at", String(24), nullable=False),
    Column("imported_by", Text, nullable=False),
    info=EVIDENCE,
)

jobs = Table(
    "jobs",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False),
    Column("stage", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("holder", Text),
    Column("lease_until", Float),
    Column("error", Text),
    Index("ix_jobs_recording_id_state", "recording_id", "state"),
)

#: What finds entries of the audit log without reading them all. It follows from ``audit`` alone.
audit_index = Table(
    "audit_index",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(24), nullable=False, index=True),
    Column("tag", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("object", Text, nullable=False),
    Index("ix_audit_index_object_seq", "object", "seq"),
    Index("ix_audit_index_tag_seq", "tag", "seq"),
    Index("ix_audit_index_actor_seq", "actor", "seq"),
)

#: Roots of full subtrees of the Merkle tree over ``audit``: of 256 leaves at level 1, of 256 × 256 at level 2 …
audit_subtrees = Table(
    "audit_subtrees",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

#: One row: the newest row of ``audit`` and the newest checkpoint, as a note that is signed with the key of the log.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(24), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("prev", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
)
