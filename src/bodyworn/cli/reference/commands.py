"""Every command with its arguments, options and defaults, and what its JSON holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.cli.reference.markdown import plain, table

if TYPE_CHECKING:
    from typer._click.core import Command, Parameter

SHARED = ("--help", "--quiet")


def page() -> str:
    """``cli.md``."""
    from bodyworn.cli.app import tree

    root = tree()
    shared = table(("option", "what it does"), [(f"`{_usage(one)}`", plain(_help(one))) for one in root.params])
    head = (
        "# Commands\n\n`--help` and `--quiet` are options of every command. Results go to the output stream, progress\n"
    )
    head += "and remarks to the error stream. `--json` is described in [json.md](json.md), the codes at the end in\n"
    head += "[exit-codes.md](exit-codes.md).\n\n"
    return f"{head}## `bodyworn`\n\n{shared}\n{_commands(root, 'bodyworn', 2)}".rstrip() + "\n"


def _commands(command: Command, path: str, level: int) -> str:
    text = ""
    for name, inner in getattr(command, "commands", {}).items():
        typed = f"{path} {name}"
        if hasattr(inner, "commands"):
            text += f"{'#' * level} `{typed}`\n\n{plain(inner.help)}\n\n{_commands(inner, typed, level + 1)}"
        else:
            text += _command(inner, typed, level)
    return text


def _command(command: Command, typed: str, level: int) -> str:
    arguments = [_usage(one) for one in command.params if one.param_type_name == "argument"]
    rows = [
        (f"`{_usage(one)}`", _default(one), plain(_help(one)))
        for one in command.params
        if not set(one.opts) & set(SHARED)
    ]
    heading = f"{'#' * level} `{' '.join([typed, *arguments])}`\n\n{plain(command.help)}\n\n"
    return heading + (table(("option", "default", "what it does"), rows) + "\n" if rows else "")


def _usage(one: Parameter) -> str:
    metavar = str(getattr(one, "metavar", "") or "")
    if one.param_type_name == "argument":
        return metavar or str(one.name).upper()
    takes = "" if getattr(one, "is_flag", False) else f" {metavar or str(one.name).upper()}"
    return f"{', '.join([*one.opts, *one.secondary_opts])}{takes}"


def _help(one: Parameter) -> str:
    return str(getattr(one, "help", "") or "")


def _default(one: Parameter) -> str:
    if one.required:
        return "required"
    if one.default in (None, "", (), []):
        return ""
    if isinstance(one.default, bool):
        return ("yes" if one.default else "") if one.secondary_opts else ""
    return f"`{one.default}`"


def json_page() -> str:
    """``json.md``."""
    from bodyworn.cli.reference.json_shapes import SHAPES

    text = (
        "# JSON of the commands\n\n`--json PATH` writes the result to a file, `--json -` to the output stream, alone.\n"
    )
    text += "A single result is one indented object. A list has one object a line, none where it is empty.\n"
    for command, shape in SHAPES.items():
        many = "One object a line" if shape.lines else "One object"
        text += f"\n## `bodyworn {command} --json`\n\n{many}: {shape.what}\n\n"
        text += table(("key", "holds"), [(f"`{key}`", holds) for key, holds in shape.keys.items()])
    return text
