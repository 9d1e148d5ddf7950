"""``bodyworn retention``: what the rules say of each recording, before anything goes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened

RulesOption = Annotated[
    Path, typer.Option("--rules", metavar="FILE", help="Rules of retention (TOML); see docs/guide/retention.md.")
]
app = typer.Typer(help="What the rules of retention say: check a rules file, plan.", no_args_is_help=True)


@app.command()
def check(
    rules: Annotated[Path, typer.Argument(metavar="RULES", help="A rules file (TOML).", readable=False)],
    json_to: JsonOption = None,
) -> None:
    """Check that a rules file can be read, show its rules, and say what they leave open. No library is needed."""
    from bodyworn.cli.retention_screens import rules_json, show_rules
    from bodyworn.cli.screen import give
    from bodyworn.domain.event import now
    from bodyworn.retention.rules import read_rules, remarks_on

    read, _ = read_rules(rules)
    remarks = remarks_on(read, now().date())
    give(json_to, [rules_json(read, remarks)], lambda: show_rules(read, remarks))


@app.command()
def plan(rules: RulesOption, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show what would go by the rules today, when and why, and what is kept, and why. Nothing is removed."""
    from bodyworn.cli.retention_screens import show_plan
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json
    from bodyworn.retention.rules import read_rules

    read, _ = read_rules(rules)
    with opened(library) as chosen:
        entries = chosen.retention.plan(read)
    give(json_to, (to_json(one) for one in entries), lambda: show_plan(entries), lines=True)
