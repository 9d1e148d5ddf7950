"""Settings of a library, and every variable of the environment that the program reads."""

from __future__ import annotations

from dataclasses import fields

from bodyworn.cli.reference.markdown import plain, table


def page() -> str:
    """``settings.md``."""
    from bodyworn.settings import ENVIRONMENT_ONLY, FILE, Settings

    rows = []
    for setting in fields(Settings):
        least, most = setting.metadata.get("least"), setting.metadata.get("most")
        span = "" if least is None else f"{least} to {most}" if most is not None else f"{least} or more"
        default = "by the machine" if setting.name == "workers" else f"`{setting.default}`"
        rows.append((f"`{setting.name}`", default, span, plain(setting.metadata["help"])))
    text = f"# Settings\n\nIn `{FILE}` of the library, or as `BODYWORN_<NAME>` in the environment, which wins.\n\n"
    text += table(("setting", "default", "range", "what it does"), rows)
    variables = [(f"`{name}`", default, what) for name, (default, what) in ENVIRONMENT_ONLY.items()]
    text += "\n## Environment\n\nThese are read from the environment only.\n\n"
    return text + table(("variable", "default", "what it does"), variables)
