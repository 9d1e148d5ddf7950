"""What the audit log speaks of, rows of evidence and stored files, compared with what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bodyworn.custody.rules import Fault, Rule
from bodyworn.domain.progress import Progress
from bodyworn.storage.objects.local import LocalObjects

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass
class SpokenOf:
    """What the audit log says should be there: by name of a row or file, the digest and the newest row that says so."""

    rows: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)

    def hear(self, seq: int, detail: object) -> None:
        """Take in what one entry says; ``ValueError`` or ``TypeError`` if that has another form."""
        if not isinstance(detail, dict):
            raise TypeError
        rows, objects = detail.get("evidence", {}), detail.get("objects", ())
        if not all(isinstance(name, str) and isinstance(digest, str) for name, digest in rows.items()):
            raise TypeError
        if not all(isinstance(name, str) and _SHA256.fullmatch(name) for name in objects):
            raise TypeError
        self.rows.update({name: _packed(digest) + seq.to_bytes(8) for name, digest in rows.items()})
        self.objects.update(dict.fromkeys(objects, seq))


def _packed(digest: str) -> bytes:
    """A digest in hex (or ``unreadable``) in half the room: there are as many as rows of evidence."""
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode("utf-8", "surrogatepass")


def check_evidence(found: Iterable[tuple[str, str]], left: dict[str, bytes]) -> Iterator[Fault]:
    """Compare the rows that are there with those spoken of, which are taken out of ``left``."""
    for name, digest in found:
        said = left.pop(name, None)
        if said is None:
            yield Fault(Rule.STORED_ROW, 0, f"{name} is in the database, but no entry of the audit log speaks of it")
        elif said[:-8] != _packed(digest):
            row = int.from_bytes(said[-8:])
            yield Fault(Rule.STORED_ROW, row, f"{name} is not as it was when this row was written")
    for name, said in left.items():
        yield Fault(Rule.STORED_ROW, int.from_bytes(said[-8:]), f"{name} is no longer in the database")


def _from(start: int, total: int, told: Progress) -> Callable[[int, int], None]:
    """Progress of one file as progress of all."""
    return lambda read, _: told(start + read, total, "checking stored files")


def check_files(objects: LocalObjects, spoken: Mapping[str, int], told: Progress) -> Iterator[Fault]:
    """Read every file that is spoken of; one that is missing, changed or a link is a fault."""
    sizes = {name: path.stat().st_size if (path := objects.path(name)).is_file() else 0 for name in spoken}
    total, done = sum(sizes.values()), 0
    for name, row in sorted(spoken.items(), key=lambda item: item[1]):
        fault = objects.faults(name, _from(done, total, told))
        if fault is not None:
            yield Fault(Rule.STORED_FILE, row, f"the stored file {name} {fault}")
        done += sizes[name]
