"""Where signing keys are looked for: the place of the system, and the former one as long as keys lie only there."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from bodyworn.custody.certificates import make_identity
from bodyworn.domain.errors import UnreadableInput
from bodyworn.releases.identities import (
    configuration_folder,
    folder_in_use,
    former_folder,
    known_authorities,
    note_on_place,
)
from tests.makers.releases import NOW


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place that a Mac would have for configuration."""
    place = tmp_path / "Library" / "Application Support" / "bodyworn"
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_args, **_options: place)
    return place


def test_a_named_folder_wins_even_if_it_is_empty(tmp_path: Path) -> None:
    named = {"BODYWORN_CONFIG": str(tmp_path / "named"), "XDG_CONFIG_HOME": str(tmp_path)}
    (tmp_path / "bodyworn" / "signing").mkdir(parents=True)
    assert folder_in_use(named) == tmp_path / "named"
    assert note_on_place(named) == ""


def test_new_keys_go_to_the_place_of_the_system(tmp_path: Path, system: Path) -> None:
    assert folder_in_use({"XDG_CONFIG_HOME": str(tmp_path)}) == system


@pytest.mark.parametrize("used", ["signing", "authorities"])
def test_keys_in_the_former_place_are_found_and_it_is_said(tmp_path: Path, system: Path, used: str) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    (tmp_path / "bodyworn" / used).mkdir(parents=True)
    assert folder_in_use(environment) == tmp_path / "bodyworn"
    note = note_on_place(environment)
    assert str(system) in note
    assert str(tmp_path / "bodyworn") in note


def test_keys_in_the_place_of_the_system_win(tmp_path: Path, system: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    (tmp_path / "bodyworn" / "signing").mkdir(parents=True)
    (system / "signing").mkdir(parents=True)
    assert folder_in_use(environment) == system
    assert note_on_place(environment) == ""


def test_on_linux_both_places_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert configuration_folder({}) == former_folder({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "bodyworn"


def test_an_authority_that_is_named_is_the_only_one_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BODYWORN_CONFIG", str(tmp_path))
    kept, named = make_identity("Oak County", NOW).authority_pem, make_identity("Pine County", NOW).authority_pem
    (tmp_path / "authorities").mkdir()
    (tmp_path / "authorities" / "oak.pem").write_text(kept)
    (tmp_path / "pine.pem").write_text(named)
    assert known_authorities([]) == kept
    assert known_authorities([tmp_path / "pine.pem"]) == named


@pytest.mark.parametrize(
    "text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_told_before_anything_is_verified(tmp_path: Path, text: str) -> None:
    (tmp_path / "oak.pem").write_text(text)
    with pytest.raises(UnreadableInput, match=r"oak\.pem is not a certificate"):
        known_authorities([tmp_path / "oak.pem"])
