"""People as far as names tell: one name spelled twice is one person, and a typed name never passes for an account."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.actor import NAME_LENGTH, Actor, Person, folded, same_name, stated
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.errors import InputError

SAME = [
    ("Ana", "ana "),
    ("Ana", "\tANA\n"),
    ("Ana", "Ａｎａ"),
    ("Ana", "A\u200bn\u200da"),
    ("Ana", "\u202eAna"),
    ("Ana", "Ana\ufe0f"),
    ("Ana", "A\u034fna"),
    ("José", "Jose\u0301"),
    ("Straße", "STRASSE"),
    ("ﬁona", "Fiona"),
    ("O’Brien", "o'brien"),
    ("Ana-Maria", "Ana Maria"),
    ("Ana  Ruiz", "ana\u00a0ruiz"),
    ("Ⅳ", "IV"),
    ("coce", "\u0441\u043e\u0441\u0435"),
    ("Coce", "\u0421\u041e\u0421\u0415"),
    ("Bob", "\u0412\u041e\u0412"),
    ("Ana Kay", "\u0410\u041d\u0410 \u041a\u0410\u0423".replace("\u041d", "N")),
    ("Pax", "\u03a1\u0391\u03a7"),
    ("Ivy", "\u0406\u0474\u0423"),
    ("Rex Tao", "\u13a1\u13ac\u03a7 \u13a2\u13aa\u0555"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_spelled_twice_is_one_person(one: str, other: str) -> None:
    assert same_name(one, other)
    assert Person("os:x", one).is_same_as(Person("os:y", other))
    assert Person("os:x", one).is_same_as(Person(f"os:{other}"))


def test_different_names_are_different_people() -> None:
    assert not same_name("Ana", "Anna")
    assert not Person("os:ana").is_same_as(Person("os:ana", "Ben"))
    assert not same_name("!!!", "...")
    assert not same_name("Анна", "Anna"), "what sounds alike does not look alike"
    assert not same_name("Ольга", "Олег")
    assert not same_name("Νίκος", "Nikos")


def test_accounts_tell_people_apart_where_no_name_was_stated() -> None:
    assert not Person("os:j.smith1").is_same_as(Person("os:jsmith1"))
    assert Person("os:ANA").is_same_as(Person("os:ana"))
    assert Person("os:---").is_same_as(Person("os:---")), "also an account whose name has no letter"
    assert not Person("account:j.smith1").is_same_as(Person("account:jsmith1"))


def test_an_account_of_the_machine_and_one_of_the_library_may_be_one_person() -> None:
    assert Person("os:ana").is_same_as(Person("account:ana"))
    assert Person("account:ana").is_same_as(Person("os:ANA"))
    assert not Person("os:bo").is_same_as(Person("account:ana"))
    assert str(Person.recorded("account:ana")) == "account:ana"


@given(st.text(min_size=1, max_size=30))
def test_no_spelling_in_unicode_makes_a_second_person(name: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert folded(unicodedata.normalize(form, name)) == folded(name)
    assert folded(folded(name)) == folded(name)
    assert folded(f" {name}\u200b ") == folded(name)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "!?", "x" * (NAME_LENGTH + 1), "\u3164", "Аna", "Bеn Smith"])
def test_what_is_no_name_cannot_be_stated(name: str) -> None:
    with pytest.raises(InputError, match="stated name"):
        stated(name, "os:root")


@pytest.mark.parametrize("name", ["Анна", "Ελένη", "山田太郎", "Nguyễn Văn A", "محمد", "Ana Анна"])
def test_names_of_all_scripts_can_be_stated(name: str) -> None:
    assert stated(name, "os:root") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["ana", "Ana ", "os:ana", "os:Ａｎａ"])
def test_the_name_of_the_account_itself_is_nothing_new(name: str) -> None:
    assert stated(name, "os:ana") == ""


def test_a_typed_name_is_shown_as_typed_and_not_as_an_account() -> None:
    assert str(Person("os:ana")) == "os:ana"
    assert str(Person("os:ana", "Ben")) == "stated: Ben (typed at the account os:ana)"
    assert str(Person("", "Ben")) == "stated: Ben (typed; the account was not kept)"
    assert str(Person("os:ana", stated("os:ben", "os:ana"))).endswith("(typed at the account os:ana)")


def test_control_characters_do_not_get_into_a_stated_name() -> None:
    assert stated("Be\x1b[2Jn\u202e", "os:ana") == "Be[2Jn"


def test_an_actor_reads_back() -> None:
    actor = Actor("os:ana", "desk-1", "web", "5e55", "Ben")
    assert from_json(Actor, to_json(actor)) == actor
    assert "session" not in to_json(Actor("os:ana", "desk-1", "cli"))
