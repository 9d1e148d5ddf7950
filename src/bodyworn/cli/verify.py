"""``bodyworn verify``: is this the genuine clip?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption

_SIGNS = {"holds": "HOLDS", "broken": "BROKEN", "not_known": "NOT KNOWN"}
_NAMES = {"whole_file": "whole file", "manifest": "manifest", "signer": "signer"}


def verify(
    path: Annotated[Path, typer.Argument(metavar="PACKAGE|FILE", help="A release package (folder or zip), or a clip.")],
    authority: Annotated[
        list[Path] | None, typer.Option(help="The agency's certificate (PEM), from the agency's own site.")
    ] = None,
    sha256: Annotated[str | None, typer.Option(help="The SHA-256 that the publisher gave for a lone clip.")] = None,
    json_to: JsonOption = None,
) -> None:
    """Tell whether a clip or package is genuine: whole file, manifest inside, signer known.

    Exits 0 only when all that can be known holds: nothing is broken, the manifest fits and the signer is one you trust.
    """
    from bodyworn.cli.exits import Exit
    from bodyworn.cli.screen import give, show
    from bodyworn.releases.identities import known_authorities
    from bodyworn.releases.verification import verify as verify_release

    found = verify_release(path, known_authorities(authority or []), sha256.lower() if sha256 else None)

    def shown() -> None:
        for name, answer in found.answers.items():
            show(f"{_NAMES[name]:<11} {_SIGNS[answer.state.value]:<10} {'; '.join(answer.said)}")
        show("GENUINE" if found.genuine else "NOT SHOWN TO BE GENUINE")

    give(json_to, [found.to_json()], shown)
    if not found.genuine:
        raise typer.Exit(Exit.NO)
