"""Personal data in Spanish lines: what is said there is hidden whole, and the rest is heard."""

from __future__ import annotations

from typing import Any

import pytest

from bodyworn.redactions.spoken.proposing import propose_words
from bodyworn.redactions.spoken.spanish_words import as_read
from bodyworn.redactions.spoken.words import transcript_of


def hidden(text: str, asked: str = "", language: str | None = "es") -> list[tuple[str, str]]:
    """Words and reason of each proposal in one utterance of a driver, after an officer's question in English."""
    rows: list[dict[str, Any]] = [{"role": "officer", "text": asked, "start_ms": 0, "end_ms": 900}] if asked else []
    row = {"role": "community", "text": text, "start_ms": 1500, "end_ms": 1500 + 400 * len(text.split())}
    heard = transcript_of([*rows, row | ({"language": language} if language else {})])
    return [
        (" ".join(word.text for word in heard.words[one.first : one.last + 1]).strip(",."), one.reason.value)
        for one in propose_words(heard)
    ]


@pytest.mark.parametrize(
    ("text", "what", "reason"),
    [
        ("Me llamo Rosalinda Maldonado.", "Rosalinda Maldonado", "pii.name"),
        ("me llamo rosalinda maldonado", "rosalinda maldonado", "pii.name"),
        ("Mi nombre es María de la Cruz y vivo aquí.", "María de la Cruz", "pii.name"),
        ("Mi hermano Efraín Quispe está en la casa.", "Efraín Quispe", "pii.name"),
        ("El señor Gutiérrez está ahí.", "Gutiérrez", "pii.name"),
        ("Nací el 14 de mayo de 1987.", "14 de mayo de 1987", "pii.birth_date"),
        ("Nací el catorce de mayo de mil novecientos ochenta y siete.",
         "catorce de mayo de mil novecientos ochenta y siete", "pii.birth_date"),
        ("Mi fecha de nacimiento es dos de enero de dos mil uno.", "dos de enero de dos mil uno", "pii.birth_date"),
        ("Mi teléfono es 214 555 0147.", "214 555 0147", "pii.phone"),
        ("Mi número es dos catorce cinco cincuenta y cinco cero uno cuarenta y siete.",
         "dos catorce cinco cincuenta y cinco cero uno cuarenta y siete", "pii.phone"),
        ("Mi seguro social es 123 45 6789.", "123 45 6789", "pii.social_security"),
        ("Vivo en la calle Hidalgo, número veinticuatro.", "calle Hidalgo, número veinticuatro", "pii.address"),
        ("Vivo en 1240 Maple Ridge Drive.", "1240 Maple Ridge Drive", "pii.address"),
    ],
)  # fmt: skip
def test_an_item_is_hidden_whole(text: str, what: str, reason: str) -> None:
    assert hidden(text) == [(what, reason)]


@pytest.mark.parametrize(
    ("asked", "text", "what", "reason"),
    [
        ("What is your name?", "Rosalinda Maldonado.", "Rosalinda Maldonado", "pii.name"),
        ("¿Cómo se llama?", "Rosalinda Maldonado.", "Rosalinda Maldonado", "pii.name"),
        ("What's your date of birth?", "Catorce de mayo del ochenta y siete.",
         "Catorce de mayo del ochenta y siete", "pii.birth_date"),
        ("Where do you live?", "En la calle Juárez doscientos cinco.", "calle Juárez doscientos cinco", "pii.address"),
    ],
)  # fmt: skip
def test_an_answer_to_a_question_in_english_is_hidden(asked: str, text: str, what: str, reason: str) -> None:
    assert hidden(text, asked) == [(what, reason)]


@pytest.mark.parametrize(("sure", "hides"), [(0.3, ["pasa linda mal donado"]), (0.9, [])])
def test_a_doubted_beginning_of_an_answer_is_a_name_misheard(sure: float, hides: list[str]) -> None:
    timed = [
        {"text": text, "start_ms": 1500 + 400 * n, "end_ms": 1880 + 400 * n, "confidence": sure if n < 4 else 0.95}
        for n, text in enumerate(["pasa", "linda", "mal", "donado,", "no", "puedo", "hablar", "mucho", "ahora."])
    ]
    row = {"role": "community", "text": "", "start_ms": 1500, "end_ms": 5000, "words": timed, "language": "es"}
    asked = {"role": "officer", "text": "What is your name?", "start_ms": 0, "end_ms": 900}
    heard = transcript_of([asked, row])
    assert [heard.plain(one.first, one.last + 1) for one in propose_words(heard)] == hides


@pytest.mark.parametrize(
    "text",
    [
        "No, señor. Por favor, no me lastime. Tengo miedo.",
        "Soy de Guatemala y no tengo papeles.",
        "Soy ciudadano y trabajo aquí.",
        "Tengo dos hijos y una hija de tres años.",
        "Una joven empleada doméstica había entrado en su habitación para encender el fuego.",
    ],
)
def test_ordinary_spanish_is_heard(text: str) -> None:
    """To the English rules most Spanish words are words that English does not know, and so names."""
    assert hidden(text) == []


@pytest.mark.parametrize(
    ("text", "reason"), [("My number is 214 555 0147.", "pii.phone"), ("It's 214-555-0147.", "pii.phone")]
)
def test_figures_in_english_reach_the_rules(text: str, reason: str) -> None:
    assert [one for _, one in hidden(text, language=None)] == [reason]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("dos mil uno", ["2", "0", "01"]),
        ("mil novecientos ochenta y siete", ["1", "9", "8", "and", "7"]),
        ("ciento veinte", ["1", "20"]),
        ("once", ["11"]),
        ("veintiún", ["veintiún"]),
        ("una casa", ["una", "casa"]),
    ],
)
def test_numbers_read_as_their_figures(said: str, read: list[str]) -> None:
    assert as_read(said.split()) == read
