"""Documents from outside, which are no media: captions, sidecars, plans. They are read and parsed in a child process.

A document is a plain file of limited size; a pipe or a device has no end that could be known. The child that parses it
is that of :mod:`bodyworn.media.sandbox`: its time, memory and answer are limited, and it has no rights.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bodyworn.domain.codec import Json, JsonObject
from bodyworn.domain.errors import DamagedMedia, InputError, UnreadableInput
from bodyworn.domain.files import unreadable
from bodyworn.domain.recording import shown_name
from bodyworn.media import sandbox

#: Generous: the largest caption file that people have is read in a second.
LIMITS = sandbox.Limits(cpu_seconds=40, wall_seconds=50, memory_bytes=2048 * sandbox.MIB, answer_chars=16 * sandbox.MIB)
#: A pipe without a writer is opened too, and then refused.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def bytes_of(path: Path, most: int, kind: str) -> bytes:
    """All bytes of a document that is at most ``most`` bytes; ``kind`` is what it should be, such as ``"a plan"``.

    :class:`UnreadableInput` for what cannot be opened, is no plain file, is larger, or changes while it is read.
    """
    name = shown_name(path.name)
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableInput(f"{name}: that is not a plain file", "Save it as a file, and give that")
            if before.st_size > most:
                what = f"{name} is larger than {kind} can be ({most >> 20} MiB)"
                raise UnreadableInput(what, "Check which file it is")
            data = file.read(most + 1)
            if len(data) != before.st_size or os.fstat(file.fileno()).st_mtime_ns != before.st_mtime_ns:
                raise UnreadableInput(f"{name} changed while it was read", "Try again when it is complete")
    except OSError as error:
        raise unreadable(name, error) from error
    return data


def parsed(job: sandbox.SandboxJob, arguments: JsonObject, name: str, limits: sandbox.Limits = LIMITS) -> Json:
    """The answer of a ``job`` that reads documents; errors name the document as ``name``.

    What a document costs more than it may is :class:`InputError`.
    """
    try:
        return sandbox.run(job, arguments, limits)
    except DamagedMedia as error:
        raise InputError(f"{shown_name(name)}: {error.what}", "Check which file it is") from None
