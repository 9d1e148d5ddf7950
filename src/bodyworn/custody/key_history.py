"""The keys that an audit log has had: that of its first row, and each that the one before it signed for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bodyworn.custody.checkpoint import CheckpointSigner, CheckpointVerifier
from bodyworn.domain.errors import CustodyError
from bodyworn.domain.event import Tag

#: Second line of the note with which a key hands over to the next.
_KIND = "next key"


@dataclass
class KeyHistory:
    """Keys by the row from which on each signs, oldest first."""

    keys: list[tuple[int, CheckpointVerifier]] = field(default_factory=list)

    def hear(self, seq: int, tag: object, detail: object) -> str | None:
        """Take in what one row says about keys; in words what is wrong with it, ``None`` if nothing."""
        if tag not in (Tag.LIBRARY_CREATED, Tag.AUDIT_LOG_KEY_ROTATED) or not isinstance(detail, dict):
            return None
        if (tag == Tag.LIBRARY_CREATED) != (seq == 1):
            return "a key is named here that no key before it handed over to"
        try:
            key = CheckpointVerifier.parse(str(detail.get("key")))
            if seq != 1 and self.newest is not None:
                _check_handover(str(detail.get("handover")), self.newest, key)
        except (CustodyError, ValueError):
            return "the key named here was not signed for by the key before it" if seq != 1 else "its key is none"
        self.keys.append((seq, key))
        return None

    @property
    def newest(self) -> CheckpointVerifier | None:
        """The key that signs now."""
        return self.keys[-1][1] if self.keys else None

    def at(self, size: int) -> CheckpointVerifier | None:
        """The key that signs a checkpoint over ``size`` rows."""
        return next((key for first, key in reversed(self.keys) if first <= size), None)

    def never(self, keys: Iterable[CheckpointVerifier]) -> list[CheckpointVerifier]:
        """Those of ``keys`` that this log never had."""
        had = {str(key) for _, key in self.keys}
        return [key for key in keys if str(key) not in had]


def handover(signer: CheckpointSigner, to: CheckpointVerifier) -> str:
    """The note with which ``signer``'s key says which key comes after it."""
    return signer.sign_text(f"{signer.name}\n{_KIND}\n{to}\n")


def _check_handover(note: str, signed_by: CheckpointVerifier, to: CheckpointVerifier) -> None:
    if signed_by.signed_text(note).split("\n")[1:3] != [_KIND, str(to)]:
        raise ValueError
