"""``bodyworn verify``: is this the genuine clip, or the genuine certificate of a disposal?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bodyworn.releases.verification import Answer, Verification
    from bodyworn.retention.certificate_check import CertificateVerification

_SIGNS = {"holds": "HOLDS", "broken": "BROKEN", "not_known": "NOT KNOWN"}
_NAMES = {
    "whole_file": "whole file",
    "manifest": "manifest",
    "signer": "signer",
    "statement": "statement",
    "audit_log": "audit log",
}


_Key = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="For a certificate of a disposal: the agency's public key (record.pub)."),
]
_Checkpoint = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="For a certificate of a disposal: a checkpoint that you kept; needs --key."),
]


def verify(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PACKAGE|FILE", help="A release package (folder or zip), a clip, or the certificate of a disposal."
        ),
    ],
    authority: Annotated[
        list[Path] | None, typer.Option(help="The agency's certificate (PEM), from the agency's own site.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="The SHA-256 that the publisher gave for the clip or the zip.")
    ] = None,
    key: _Key = None,
    checkpoint: _Checkpoint = None,
    json_to: JsonOption = None,
) -> None:
    """Tell whether a clip or package is genuine, or the certificate of a disposal.

    Of a clip: whole file, manifest inside, signer known. Of a certificate: statement, audit log, signer known.
    Exits 0 only when all that can be known holds: nothing is broken, the manifest fits and the signer is one you trust.
    """
    from bodyworn.retention.certificate_check import is_certificate

    of_certificate, of_package = key is not None or checkpoint is not None, bool(authority) or sha256 is not None
    if is_certificate(path):
        _refuse(of_package, "--authority and --sha256 are for packages and clips", "Name the agency's key with --key")
        _refuse(
            checkpoint is not None and key is None,
            "a checkpoint needs a key to be read with",
            "Name the key with --key",
        )
        _certificate(path, key, checkpoint, json_to)
    else:
        _refuse(of_certificate, "--key and --checkpoint are for certificates of disposals", "Leave them out")
        _package(path, authority or [], sha256, json_to)


def _refuse(wrong: bool, what: str, step: str) -> None:
    from bodyworn.domain.errors import InputError

    if wrong:
        raise InputError(what, step)


def _package(path: Path, authority: list[Path], sha256: str | None, json_to: str | None) -> None:
    from bodyworn.cli.screen import give, show
    from bodyworn.releases.identities import known_authorities, known_time_authorities
    from bodyworn.releases.verification import TrustedAuthorities
    from bodyworn.releases.verification import verify as verify_release

    trusted = TrustedAuthorities(known_authorities(authority), known_time_authorities(), bool(authority))
    found = verify_release(path, trusted, sha256.lower() if sha256 else None)

    def shown() -> None:
        _show(found.answers)
        show(_verdict(found))

    give(json_to, [found.to_json()], shown)
    _end(found.genuine)


def _certificate(path: Path, key: Path | None, checkpoint: Path | None, json_to: str | None) -> None:
    from bodyworn.cli.screen import give, show, show_folded
    from bodyworn.retention import certificate_check as checks

    known = checks.read_key(key) if key is not None else None
    kept = checks.read_checkpoint(checkpoint) if checkpoint is not None else None
    found = checks.verify_certificate(checks.read_certificate(path), known, kept)

    def shown() -> None:
        _show(found.answers)
        if found.statement_says is not None:
            show_folded(f"It says that {checks.in_words(found.statement_says)}.")
        show(_certificate_verdict(found))

    give(json_to, [found.to_json()], shown)
    _end(found.genuine)


def _show(answers: Mapping[str, Answer]) -> None:
    from bodyworn.cli.screen import show

    for name, answer in answers.items():
        show(f"{_NAMES[name]:<11} {_SIGNS[answer.state.value]:<10} {'; '.join(answer.said)}")


def _end(genuine: bool) -> None:
    from bodyworn.cli.exits import Exit

    if not genuine:
        raise typer.Exit(Exit.NO)


def _certificate_verdict(found: CertificateVerification) -> str:
    """The last line about a certificate."""
    if found.genuine:
        return "GENUINE"
    if found.broken:
        return "NOT SHOWN TO BE GENUINE: something does not hold."
    return (
        "NOT YET SHOWN TO BE GENUINE: nothing is wrong so far, but whose key signed it is not known. "
        "Get the agency's public key (record.pub) from the agency and give it with --key."
    )


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
