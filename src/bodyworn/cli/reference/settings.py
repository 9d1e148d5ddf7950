"""Settings of a library, and every variable of the environment that the program reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from bodyworn.cli.reference.markdown import plain, table

#: Beside ``BODYWORN_<SETTING>``; a test finds those that are missing here.
ENVIRONMENT: Mapping[str, str] = {
    "BODYWORN_LIBRARY": "Library folder of commands without `--library`. Without it: `library` in the current folder.",
    "BODYWORN_CONFIG": "Folder of signing keys and known authorities. Without it: where the system keeps settings.",
    "BODYWORN_KEY_PASSPHRASE": "Passphrase of the agency's signing key.",
    "NO_COLOR": "If it is set, output has no colors or styles.",
    "COLUMNS": "Width of tables. Without it: the width of the terminal; in a pipe, one line for each row.",
}


def page() -> str:
    """``settings.md``."""
    from bodyworn.settings import FILE, Settings

    rows = []
    for setting in fields(Settings):
        least, most = setting.metadata.get("least"), setting.metadata.get("most")
        span = "" if least is None else f"{least} to {most}" if most is not None else f"{least} or more"
        default = "by the machine" if setting.name == "workers" else f"`{setting.default}`"
        rows.append((f"`{setting.name}`", default, span, plain(setting.metadata["help"])))
    text = f"# Settings\n\nIn `{FILE}` of the library, or as `BODYWORN_<NAME>` in the environment, which wins.\n\n"
    text += table(("setting", "default", "range", "what it does"), rows)
    text += "\n## Environment\n\n"
    return text + table(("variable", "what it does"), [(f"`{name}`", what) for name, what in ENVIRONMENT.items()])
