"""The reference pages, written from the code: ``python -m bodyworn.cli.reference FOLDER``. A test keeps them fresh."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from bodyworn.cli.reference_access import events, permissions

HEAD = "<!-- Written by `make docs`. Do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """File name to text of every reference page."""
    return {
        "cli.md": HEAD + "\n".join(_commands()),
        "settings.md": HEAD + _settings(),
        "stages.md": HEAD + _stages(),
        "kinds.md": HEAD + _kinds(),
        "events.md": HEAD + events(),
        "permissions.md": HEAD + permissions(),
        "models.md": HEAD + _models(),
        "errors.md": HEAD + _errors(),
    }


def _commands() -> Iterator[str]:
    import typer

    from bodyworn.cli.app import app

    yield "# Commands\n"
    yield from _command(typer.main.get_command(app), "bodyworn", 2)


def _command(command: Any, path: str, level: int) -> Iterator[str]:
    inner = getattr(command, "commands", {})
    if not inner:
        parts = [_usage(item) for item in command.params if item.name not in ("help", "version")]
        yield f"{'#' * min(level, 4)} `{' '.join([path, *filter(None, parts)])}`\n"
        yield f"{_plain(command.help)}\n"
        rows = [
            f"| `{_option(item)}` | {_plain(item.help)} |" for item in command.params if getattr(item, "help", None)
        ]
        if rows:
            yield "\n".join(["| option | what it does |", "|---|---|", *rows]) + "\n"
    for name in inner:
        yield from _command(inner[name], f"{path} {name}", level + 1)


def _usage(item: Any) -> str:
    if item.param_type_name != "argument":
        return ""
    return str(item.metavar or item.name.upper())


def _option(item: Any) -> str:
    if item.param_type_name == "argument":
        return _usage(item)
    return ", ".join([*item.opts, *item.secondary_opts])


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _settings() -> str:
    from bodyworn.settings import ENVIRONMENT_ONLY, FILE, Settings

    rows = []
    for setting in fields(Settings):
        least, most = setting.metadata["least"], setting.metadata["most"]
        span = "" if least is None else f"{least} to {most}" if most is not None else f"{least} or more"
        default = "by the machine" if setting.name == "workers" else f"`{setting.default}`"
        rows.append(f"| `{setting.name}` | {default} | {span} | {_plain(setting.metadata['help'])} |")
    rows += [f"| `{name}` | {default} | | {text} |" for name, (default, text) in ENVIRONMENT_ONLY.items()]
    head = f"# Settings\n\nIn `{FILE}` of the library, or as `BODYWORN_<NAME>` in the environment, which wins.\n\n"
    return head + "\n".join(["| setting | default | range | what it does |", "|---|---|---|---|", *rows]) + "\n"


def _stages() -> str:
    from bodyworn.cli.shapes import tables
    from bodyworn.engine.stage import TypedStage
    from bodyworn.findings.plan import STAGES

    rows = []
    for one in STAGES:
        cells = [f"`{one.name}`", one.version, _names(one.reads), f"`{one.makes}`", _names(one.needs), one.model or ""]
        rows.append(f"| {' | '.join(cells)} |")
    table = ["| stage | version | reads | makes | needs | model |", "|---|---|---|---|---|---|", *rows]
    contents = {f"`{one.makes}`": one.content for one in STAGES if isinstance(one, TypedStage)}
    head = "# Stages\n\nHow they work together: [stages.md](../stages.md).\n\n"
    return head + "\n".join(table) + "\n\n" + tables(contents)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kinds() -> str:
    from bodyworn.domain.finding import FAMILY_OF, UnknownState

    rows = [f"| `{kind}` | {family.value} |" for kind, family in FAMILY_OF.items()]
    states = "\n".join(f"- `{state.value}`" for state in UnknownState)
    table = "\n".join(["| kind | family |", "|---|---|", *rows])
    return f"# Kinds of findings\n\n{table}\n\n## States of unknown\n\n{states}\n"


def _models() -> str:
    from bodyworn.models.registry import MODELS

    rows = [f"| `{one.name}` | {one.task} | {one.license} | {one.source} | `{one.sha256}` |" for one in MODELS.values()]
    head = "# Models\n\nA file with another SHA-256 is refused.\n\n"
    table = ["| model | task | license | where it comes from | SHA-256 |", "|---|---|---|---|---|", *rows]
    return head + "\n".join(table) + "\n"


def _errors() -> str:
    from bodyworn.domain import errors

    found = [
        item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, errors.BodywornError)
    ]
    rows = [f"| `{item.__name__}` | {item.exit_code} | {_plain(item.__doc__).partition('. ')[0]} |" for item in found]
    return "# Errors\n\n" + "\n".join(["| error | exit code | what it means |", "|---|---|---|", *rows]) + "\n"


def write(folder: Path) -> None:
    """Write all pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
