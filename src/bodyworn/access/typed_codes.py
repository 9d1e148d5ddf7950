"""Codes that people type: compared without case, spaces and dashes, and kept as a digest only."""

from __future__ import annotations

import hashlib


def code_digest(untrusted_code: str) -> str:
    """SHA-256 hex of what counts of a code; codes have 80 bits or more, so that this is enough to keep them."""
    return hashlib.sha256("".join(char for char in untrusted_code.lower() if char.isalnum()).encode()).hexdigest()
