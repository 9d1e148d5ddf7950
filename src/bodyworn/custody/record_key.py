"""The key of an audit log in its file: made, replaced by the next one, and what it remembers of the log.

The file says whether a log was begun with the key. Who has the folder and cannot read the key can take the file away,
but cannot write one with the same key that says something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bodyworn.custody.checkpoint import (
    Checkpoint,
    CheckpointFolder,
    CheckpointSigner,
    CheckpointVerifier,
    public_file,
    read_note,
)
from bodyworn.custody.verify import KnownOutside
from bodyworn.domain.errors import CustodyError, UnreadableInput
from bodyworn.domain.recording import shown_name
from bodyworn.storage.files import said_clearly, write_whole


@dataclass(frozen=True)
class KeptElsewhere:
    """Files that somebody kept outside the library and brings along to compare with: public keys and checkpoints."""

    keys: tuple[Path, ...] = ()
    checkpoints: tuple[Path, ...] = ()


NOTHING_KEPT = KeptElsewhere()


def verifier(key_file: Path) -> CheckpointVerifier:
    """The public half of the key in use; :class:`CustodyError` if neither half can be read."""
    with suppress(CustodyError):
        return CheckpointSigner.load(key_file).verifier
    return _beside(key_file)


def known(key_file: Path, kept: KeptElsewhere) -> KnownOutside:
    """What is known of the log without its database; :class:`UnreadableInput` for a file that is none."""
    for path in (*kept.keys, *kept.checkpoints):
        if not path.is_file():
            raise UnreadableInput(f"{shown_name(str(path))}: there is no such file", "Check the path")
    keys = tuple(_brought(path) for path in kept.keys)
    try:
        signer = CheckpointSigner.load(key_file)
    except CustodyError:  # somebody who checks need not have the key
        return KnownOutside(_beside(key_file), False, keys, kept.checkpoints)
    found = KnownOutside(signer.verifier, signer.begun, keys, kept.checkpoints)
    with suppress(CustodyError):
        return replace(found, beside=_beside(key_file))
    return found


def trace_of_log(key_file: Path, checkpoints: CheckpointFolder, objects: Iterable[str]) -> str | None:
    """What shows that there was an audit log here, as the end of a sentence; ``None`` in a place that is new."""
    name, begun = "", False
    if key_file.exists():
        signer = CheckpointSigner.load(key_file)
        name, begun = signer.name, signer.begun
    if begun:
        return "its key has signed rows"
    if name and any(_origin(path) == name for path in checkpoints.all()):
        return "there are signed checkpoints of it"
    return "there are stored files" if any(True for _ in objects) else None


def next_key(signer: CheckpointSigner, key_file: Path) -> CheckpointSigner:
    """The key that will replace ``signer``'s: written beside it, and in use only once :func:`take_next` moved it."""
    made = CheckpointSigner.create(signer.name, _next_file(key_file))
    return made.keep_begun(_next_file(key_file))


def take_next(key_file: Path, newest: CheckpointVerifier | None) -> None:
    """Put the next key in the place of the one before, if it is there and the log names it as the ``newest``."""
    made = _next_file(key_file)
    if not made.is_file() or newest is None or CheckpointSigner.load(made).verifier != newest:
        return
    with said_clearly(key_file.parent):
        write_whole(public_file(key_file), f"{newest}\n", mode=0o644)
        public_file(made).unlink(missing_ok=True)
        made.replace(key_file)


def _next_file(key_file: Path) -> Path:
    return key_file.with_name(f"{key_file.stem}-next{key_file.suffix}")


def _beside(key_file: Path) -> CheckpointVerifier:
    """The key in the public file; :class:`CustodyError` if there is none."""
    path = public_file(key_file)
    try:
        return CheckpointVerifier.parse(path.read_text())
    except (OSError, ValueError):
        raise CustodyError(
            f"the audit log's public key {path.name} is missing or cannot be read", "Restore keys/ from its backup"
        ) from None


def _brought(path: Path) -> CheckpointVerifier:
    try:
        return CheckpointVerifier.parse(read_note(path.resolve()))
    except (OSError, ValueError, CustodyError):
        what = f"{shown_name(str(path))}: this is not the public key of an audit log"
        raise UnreadableInput(what, "Name a copy of keys/record.pub") from None


def _origin(path: Path) -> str:
    try:
        return Checkpoint.parse(read_note(path)).origin
    except (OSError, ValueError):
        return ""
