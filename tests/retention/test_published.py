"""What becomes of the library's copy of a published package when its recording is disposed of."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.bootstrap import Library, open_library
from bodyworn.custody.certificates import Identity, make_identity
from bodyworn.domain.progress import no_progress
from bodyworn.domain.retention import Disposal
from bodyworn.releases.verification import verify
from bodyworn.retention.rules import parse_rules
from tests.makers.cameras import with_sidecar
from tests.makers.releases import NOW, account, published
from tests.retention.test_rules import CHECKED, rule

RULES = rule("*", "warning", 30, 'counted_from = "recorded"')


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Pine", NOW)


def disposed(library: Library, rules: str) -> Disposal:
    """The only recording goes by these rules."""
    (one,) = library.recordings.list()
    with_sidecar(library, one.id, {"started_at_utc": "2026-03-01T12:00:00.000Z", "outcome": "warning"})
    disposal = library.disposals.propose([library.recordings.get(one.id)], parse_rules(rules.encode()), rules.encode())
    for who in ("bo", "cy"):
        disposal = library.acting(account(who)).disposals.approve(disposal)
    return library.disposals.carry_out(disposal)


def test_it_stays_is_named_in_the_tombstone_and_goes_on_to_verify(tmp_path: Path, identity: Identity) -> None:
    package = published(tmp_path, identity)
    with open_library(tmp_path / "library") as library:
        disposal = disposed(library, RULES)
        (left,) = library.recordings.tombstones()
        assert left.packages == (package.name,)
        assert library.releases.list() == []
        certificate = library.disposals.certificate(disposal)
        assert package.name in certificate.statement
        assert library.verify(no_progress).faults == ()
    for form in (package, package.with_suffix(".zip")):
        assert verify(form, identity.authority_pem).genuine


def test_it_goes_where_the_rules_say_so_and_copies_elsewhere_go_on_to_verify(
    tmp_path: Path, identity: Identity
) -> None:
    package = published(tmp_path, identity)
    outside = tmp_path / "outside.zip"
    outside.write_bytes(package.with_suffix(".zip").read_bytes())
    (package.parent / f"{'rel_' + 'a' * 26}.zip").write_bytes(b"of another recording")
    with open_library(tmp_path / "library") as library:
        disposal = disposed(library, RULES + f"[published]\nkeep = false\n{CHECKED}")
        (left,) = library.recordings.tombstones()
        assert left.packages == ()
        assert package.name in left.ids
        assert "of which the library's copy stays" not in library.disposals.certificate(disposal).statement
        assert library.verify(no_progress).faults == ()
    assert [path.name for path in package.parent.iterdir()] == [f"{'rel_' + 'a' * 26}.zip"]
    assert verify(outside, identity.authority_pem).genuine, "what is out cannot be called back"
