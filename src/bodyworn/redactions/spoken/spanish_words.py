"""Words of a Spanish line as the rules read them: numbers as figures, months and what the rules listen for in English.

Only what a word reads as changes (:attr:`SpokenWord.plain`). What was said stays as it was said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_ONES = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
_TWENTIES = "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"
_SMALL = {word: number for number, word in enumerate(f"{_ONES} dieciocho diecinueve veinte {_TWENTIES}".split())}
_SMALL |= {"un": 1, "una": 1, "primero": 1}
_ROUND = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_TENS = {word: 30 + 10 * i for i, word in enumerate(_ROUND.split())}
_MANY = "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
_HUNDREDS = {word: 200 + 100 * i for i, word in enumerate(_MANY.split())} | {"cien": 100, "ciento": 100}
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_IN_ENGLISH = "january february march april may june july august september october november december"
#: What the rules listen for.
_READ = {
    **dict(zip(_MONTHS.split(), _IN_ENGLISH.split(), strict=True)),
    "setiembre": "september",
    "naci": "born",
    "nacio": "born",
    "nacimiento": "birth",
    "cumpleanos": "birthday",
    "telefono": "phone",
    "celular": "phone",
    "movil": "phone",
    "direccion": "address",
    "domicilio": "address",
    "vivo": "live",
    "vive": "lives",
    "vivimos": "live",
    "viven": "live",
    "placa": "plate",
    "placas": "plate",
    "licencia": "license",
    "senor": "ms",
    "senora": "ms",
    "senorita": "ms",
    "don": "ms",
    "dona": "ms",
    "arroba": "at",
    "punto": "dot",
}
#: A number alone that is more often an article.
_ARTICLES = frozenset({"un", "una", "uno", "primero"})


def bare(word: str) -> str:
    """Lower case without accents: ``nací`` is ``naci``."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def as_read(plains: Sequence[str]) -> list[str]:
    """What each word of a Spanish line reads as, in the same order and number."""
    words = [bare(word) for word in plains]
    out = [_READ.get(word, plain) for word, plain in zip(words, plains, strict=True)]
    at = 0
    while at < len(words):
        length = _number_at(words, at)
        if length and not (length == 1 and words[at] in _ARTICLES and not _beside_number(words, at)):
            out[at : at + length] = _figures(words[at : at + length])
            at += length
        else:
            at += 1
    for at in range(1, len(out) - 1):
        if words[at] in ("de", "del") and (_dated(out[at - 1]) and _dated(out[at + 1])):
            out[at] = "of"
    return out


def _dated(read: str) -> bool:
    return read[:1].isdigit() or read in _IN_ENGLISH.split()


def _beside_number(words: Sequence[str], at: int) -> bool:
    near = [words[i] for i in (at - 1, at + 1) if 0 <= i < len(words)]
    return any((word in _SMALL and word not in _ARTICLES) or word in _TENS for word in near) or (
        at + 2 < len(words) and words[at + 1] == "de" and words[at + 2] in _MONTHS.split()
    )


def _number_at(words: Sequence[str], at: int) -> int:
    """How many words a number takes at ``at``; 0 if there is none."""
    end = at
    if end < len(words) and words[end] in _SMALL and end + 1 < len(words) and words[end + 1] == "mil":
        end += 2
    elif end < len(words) and words[end] == "mil":
        end += 1
    if end < len(words) and words[end] in _HUNDREDS:
        end += 1
    if end < len(words) and words[end] in _TENS:
        end += 1
        if end + 1 < len(words) and words[end] == "y" and 0 < _SMALL.get(words[end + 1], 0) < 10:
            end += 2
    elif end < len(words) and words[end] in _SMALL:
        end += 1
    return end - at


def _figures(words: Sequence[str]) -> list[str]:
    """The figures of one number, spread over its words so that together they read as the number."""
    value = 0
    for word in words:
        if word == "mil":
            value = max(1, value) * 1000
        else:
            value += _SMALL.get(word, 0) + _TENS.get(word, 0) + _HUNDREDS.get(word, 0)
    figures, parts = str(value), [at for at, word in enumerate(words) if word != "y"]
    out = ["and"] * len(words)
    for number, at in enumerate(parts):
        last = number + 1 == len(parts)
        out[at] = figures[number:] if last else figures[number]
    return out
