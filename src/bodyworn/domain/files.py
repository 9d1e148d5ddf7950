"""One sentence for a file that cannot be opened, wherever it is named."""

from __future__ import annotations

from bodyworn.domain.errors import UnreadableInput


def unreadable(name: str, error: OSError) -> UnreadableInput:
    """The error for the file ``name`` (safe to print) that the system did not open."""
    if isinstance(error, FileNotFoundError):
        return UnreadableInput(f"{name}: there is no such file", "Check the path")
    if isinstance(error, IsADirectoryError):
        return UnreadableInput(f"{name}: that is a folder, not a file", "Name a file in it")
    why = (error.strerror or "refused").lower()
    return UnreadableInput(f"{name}: the file cannot be read ({why})", "Check its permissions")
