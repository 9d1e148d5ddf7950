"""Another name of :mod:`bodyworn.storage.files`, until all who use it have changed over."""

from bodyworn.storage.files import no_room, no_writing, said_clearly

__all__ = ["no_room", "no_writing", "said_clearly"]
