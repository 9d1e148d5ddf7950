"""Files that a person asked for outside of the library: whole under their name or not there, refusals told to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bodyworn.domain.errors import Code, InputError
from bodyworn.storage.files import is_full, is_refused, no_room_for, unfinished


@contextmanager
def output_file(path: Path, what: str, *, replace: bool, advice: str = "Choose another folder") -> Iterator[Path]:
    """A draft beside ``path`` that takes its name when the block ends well, and vanishes if it does not.

    :class:`InputError` if ``path`` exists (unless ``replace``) or may not be written, then with ``advice``;
    :class:`~bodyworn.domain.errors.DiskFull` for ``what``.
    """
    try:
        with unfinished(path, once=not replace) as draft:
            yield draft
    except FileExistsError as error:
        raise exists_already(path) from error
    except OSError as error:
        if is_full(error):
            raise no_room_for(what) from error
        if is_refused(error):
            raise not_writable(path, advice) from error
        raise


def exists_already(path: Path) -> InputError:
    """A file of that name is there, and it is not replaced."""
    return InputError(f"{path.name} already exists", "Choose another name", Code.FILE_EXISTS, name=path.name)


def not_writable(path: Path, advice: str = "Choose another folder") -> InputError:
    """The folder of ``path`` takes no file."""
    return InputError(f"{path.name} cannot be written in {path.parent}", advice)
