"""The tables of people: accounts with all that was done to them, what proves who they are, and their sessions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from bodyworn.storage.schema import EVIDENCE, done_by, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

# The id is ``account.n``: two people who do something to one account at once cannot both be the n-th.
account_steps = Table(
    "account_steps",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("account_id", String(60), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("act", String(24), nullable=False),
    Column("detail", Text, nullable=False),
    Column("why", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

# Secrets are replaced and removed, so these are no evidence; the step that made one has its digest.
credentials = Table(
    "credentials",
    metadata,
    Column("id", String(30), primary_key=True),
    Column("account_id", String(60), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("secret", Text, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("made_at", String(24), nullable=False),
)

# ``id`` is the SHA-256 of the token: who reads the table has no token.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account_id", String(60), ForeignKey("accounts.id"), nullable=False, index=True),
    Column("way", String(8), nullable=False),
    Column("made_at", String(24), nullable=False),
    Column("seen_at", String(24), nullable=False),
    Column("proved_at", String(24), nullable=False),
    Column("ended_at", String(24), nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(60), nullable=False, index=True),
    Column("at", String(24), nullable=False),
)

# The id is ``recording.n``; the newest of a recording counts.
recording_units = Table(
    "recording_units",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("unit", Text, nullable=False, index=True),
    Column("why", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)

# What was done to the restriction of a recording: placed or lifted (a category), admitted or dismissed (an account).
restriction_steps = Table(
    "restriction_steps",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("recording_id", String(30), ForeignKey("recordings.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("act", String(12), nullable=False),
    Column("subject", String(60), nullable=False),
    Column("why", Text, nullable=False),
    *done_by(),
    info=EVIDENCE,
)
