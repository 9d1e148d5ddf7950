"""Checkpoints as they are found: in their folder, or brought along by somebody who kept one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, read_note
from bodyworn.custody.head import LogHead
from bodyworn.custody.key_history import KeyHistory
from bodyworn.custody.rules import Fault, Rule


@dataclass(frozen=True)
class Note:
    """A checkpoint, the file it was read from, and its text with the signature, which is not checked yet."""

    file: str
    text: str
    checkpoint: Checkpoint
    kept_elsewhere: bool = False


@dataclass
class Notes:
    """Checkpoints by their number of rows, and what is wrong with the files that are none."""

    by_size: dict[int, list[Note]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    #: Files of the folder that are none, or not signed: there, but worth nothing.
    bad: set[str] = field(default_factory=set)

    @classmethod
    def found(cls, folder: CheckpointFolder, elsewhere: Iterable[Path]) -> Notes:
        """Those in the folder and those that were brought along."""
        notes = cls()
        for path in folder.all():
            notes._read(path, folder.path)
        for path in elsewhere:
            notes._read(path.resolve(), None)
        return notes

    def _read(self, path: Path, path_of: Callable[[int], Path] | None) -> None:
        try:
            text = read_note(path)
            note = Note(path.name, text, Checkpoint.parse(text), kept_elsewhere=path_of is None)
            if path_of is not None and path_of(note.checkpoint.size) != path:
                raise ValueError(f"is a checkpoint over {note.checkpoint.size} rows under another name")
        except (OSError, ValueError) as error:
            self.bad.add(path.name)
            self.faults.append(Fault(Rule.CHECKPOINT, 0, f"{path.name} {said(error)}"))
        else:
            self.by_size.setdefault(note.checkpoint.size, []).append(note)

    def check_root(self, size: int, root: bytes) -> Iterator[Fault]:
        """Compare the root of the first ``size`` rows with those that were signed."""
        for note in self.by_size.get(size, ()):
            if note.checkpoint.root != root:
                what = f"the first {size} rows are not those signed in {note.file}; the audit log was rewritten"
                yield Fault(Rule.CHECKPOINT, size, what)

    def check_signatures(self, keys: KeyHistory) -> Iterator[Fault]:
        """Drop those that were not signed with the key of their time, with a fault for each."""
        for size, notes in list(self.by_size.items()):
            key = keys.at(size)
            for note in list(notes):
                try:
                    if key is None:
                        raise ValueError("is not signed with a key of this log")
                    key.open(note.text)
                except ValueError as error:
                    notes.remove(note)
                    self.bad.add(note.file)
                    yield Fault(Rule.CHECKPOINT, 0, f"{note.file} {said(error)}")
            if not notes:
                del self.by_size[size]

    def check_tail(self, rows: int) -> Iterator[Fault]:
        """A checkpoint over more rows than there are shows that the newest were cut off."""
        for cut in sorted(size for size in self.by_size if size > rows)[-1:]:
            file = self.by_size[cut][0].file
            what = f"{file} was signed over {cut} rows, but {rows} are left; the newest were cut off"
            yield Fault(Rule.TAIL, rows, what)

    def check_all_there(self, head: LogHead, folder: CheckpointFolder) -> Iterator[Fault]:
        """The newest checkpoint, and as many as were written."""
        own = [size for size, notes in self.by_size.items() if any(not note.kept_elsewhere for note in notes)]
        newest = folder.path(head.sealed).name
        if head.sealed and head.sealed not in own and newest not in self.bad:
            yield Fault(Rule.CHECKPOINT, head.sealed, f"the newest checkpoint, {newest}, is not in {folder.folder}")
        elif len(own) + len(self.bad) < head.checkpoints:
            what = f"{head.checkpoints} checkpoints were written, but {len(own)} are in {folder.folder}"
            yield Fault(Rule.CHECKPOINT, 0, what)

    def sealed(self, rows: int) -> int:
        """How many of ``rows`` the newest checkpoint covers."""
        return max((size for size in self.by_size if size <= rows), default=0)

    def __len__(self) -> int:
        return sum(map(len, self.by_size.values()))


def said(error: OSError | ValueError) -> str:
    """What is wrong with a note, in words."""
    if isinstance(error, OSError):
        return "cannot be read as a plain file"
    return "is not text" if isinstance(error, UnicodeDecodeError) else str(error)
