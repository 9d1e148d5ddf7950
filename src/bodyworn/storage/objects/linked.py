"""A store that points to originals instead of copying them: for a library that lives as long as one command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bodyworn.domain.errors import CustodyError
from bodyworn.storage.objects.local import LocalObjects, Stored, digest_file


class LinkedObjects(LocalObjects):
    """Like :class:`LocalObjects`, but a file that is put in stays where it is and is read once, for its digests.

    Nothing protects it from being changed there, so it must not be used for a library that stays.
    """

    def was_replaced_by_a_link(self, _sha256: str) -> bool:
        """Links are what this store is made of."""
        return False

    def put(self, source: Path, told: Callable[[int, int], None], sha256: str | None = None) -> Stored:
        """Keep a link to ``source``; ``told(done, total)`` is in bytes."""
        stored = digest_file(source, told)
        if sha256 not in (None, stored.sha256):
            raise CustodyError(f"the stored file {sha256} was changed", "Restore it from another backup")
        final = self.path(stored.sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            final.symlink_to(source.absolute())
        return stored
