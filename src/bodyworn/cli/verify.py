"""``bodyworn verify``: is this the genuine clip?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption

if TYPE_CHECKING:
    from bodyworn.releases.verification import Verification

_SIGNS = {"holds": "HOLDS", "broken": "BROKEN", "not_known": "NOT KNOWN"}
_NAMES = {"whole_file": "whole file", "manifest": "manifest", "signer": "signer"}


def verify(
    path: Annotated[Path, typer.Argument(metavar="PACKAGE|FILE", help="A release package (folder or zip), or a clip.")],
    authority: Annotated[
        list[Path] | None, typer.Option(help="The agency's certificate (PEM), from the agency's own site.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="The SHA-256 that the publisher gave for the clip or the zip.")
    ] = None,
    json_to: JsonOption = None,
) -> None:
    """Tell whether a clip or package is genuine: whole file, manifest inside, signer known.

    Exits 0 only when all that can be known holds: nothing is broken, the manifest fits and the signer is one you trust.
    """
    from bodyworn.cli.exits import Exit
    from bodyworn.cli.screen import give, show
    from bodyworn.releases.identities import known_authorities, known_time_authorities
    from bodyworn.releases.verification import TrustedAuthorities
    from bodyworn.releases.verification import verify as verify_release

    trusted = TrustedAuthorities(known_authorities(authority or []), known_time_authorities(), bool(authority))
    found = verify_release(path, trusted, sha256.lower() if sha256 else None)

    def shown() -> None:
        for name, answer in found.answers.items():
            show(f"{_NAMES[name]:<11} {_SIGNS[answer.state.value]:<10} {'; '.join(answer.said)}")
        show(_verdict(found))

    give(json_to, [found.to_json()], shown)
    if not found.genuine:
        raise typer.Exit(Exit.NO)


def _verdict(found: Verification) -> str:
    """The last line: what all answers together mean."""
    if found.genuine:
        return "GENUINE"
    if found.broken:
        return "NOT SHOWN TO BE GENUINE: something does not hold."
    return (
        "NOT YET SHOWN TO BE GENUINE: nothing is wrong so far, but who signed it is not known. "
        "Get the agency's certificate from its own site and give it with --authority."
    )
