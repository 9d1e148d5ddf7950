"""The reference pages, written from the code: ``python -m bodyworn.cli.reference FOLDER``. A test keeps them fresh."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bodyworn.cli.reference import access, commands, endings, lists, settings

HEAD = "<!-- Written by `make docs`. Do not edit. -->\n\n"

#: File name of each page, and what writes it. A new page is one line here.
PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": commands.page,
    "json.md": commands.json_page,
    "settings.md": settings.page,
    "errors.md": endings.errors_page,
    "exit-codes.md": endings.exit_codes_page,
    "stages.md": lists.stages_page,
    "kinds.md": lists.kinds_page,
    "events.md": access.events_page,
    "permissions.md": access.permissions_page,
    "models.md": lists.models_page,
}


def pages() -> dict[str, str]:
    """File name to text of every reference page."""
    return {name: HEAD + page() for name, page in PAGES.items()}


def write(folder: Path) -> None:
    """Write all pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)
