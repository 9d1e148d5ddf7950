"""What the audit log speaks of, rows of evidence and stored files, compared with what is there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bodyworn.custody.entry import read_event
from bodyworn.custody.rules import Fault, Rule
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import Progress
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows.audit import AuditRow

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass
class SpokenOf:
    """What the audit log says should be there: by name of a row or file, the digest and the newest row that says so."""

    rows: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)

    def hear(self, seq: int, tag: object, detail: object) -> None:
        """Take in what one entry says; ``ValueError`` or ``TypeError`` if that has another form.

        What a disposal removed is spoken of no more, unless a later entry speaks of it again.
        """
        if not isinstance(detail, dict):
            raise TypeError
        rows, objects = detail.get("evidence", {}), detail.get("objects", ())
        if not all(isinstance(name, str) and isinstance(digest, str) for name, digest in rows.items()):
            raise TypeError
        if not all(isinstance(name, str) and _SHA256.fullmatch(name) for name in objects):
            raise TypeError
        if tag == Tag.RECORDING_DISPOSED:
            for name in _names(detail, "gone_rows"):
                self.rows.pop(name, None)
            for name in _names(detail, "gone_objects"):
                self.objects.pop(name, None)
        self.rows.update({name: _packed(digest) + seq.to_bytes(8) for name, digest in rows.items()})
        self.objects.update(dict.fromkeys(objects, seq))


def _names(detail: dict[str, object], key: str) -> list[str]:
    """A list of names in a detail."""
    names = detail.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError
    return names


def stored_for(found: Iterable[AuditRow], of: Collection[str], gone: Collection[str]) -> dict[str, set[str]]:
    """The stored files that the rows speak of for the things ``of``, by id, without those that others need too.

    ``gone`` are things that went before: what was stored for them keeps nothing.
    """
    ours: dict[str, set[str]] = defaultdict(set)
    others: set[str] = set()
    for row in found:
        if b'"objects":[' not in row.body:
            continue
        event = read_event(row)
        names = event.detail.get("objects")
        if not isinstance(names, list) or (event.object in gone and event.object not in of):
            continue
        group = ours[event.object] if event.object in of else others
        group.update(name for name in names if isinstance(name, str))
    return {thing: names - others for thing, names in ours.items()}


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
