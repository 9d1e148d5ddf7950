"""The rules file of retention: TOML that a person checked against law and policy. None is built in.

::

    [[rules]]
    category = "speeding"            # as the facts of encounters have it; "*" is any, also an unknown one
    outcome = "warning"
    days = 180
    basis = "Policy 4.12, section 3"
    checked_by = "A. Counsel"
    checked_on = 2026-02-01
    counted_from = "ingested"        # or "recorded": by the camera's clock

    [published]                      # the library's copies of published packages; left out: they stay
    keep = true
    basis = "Records act, section 7"
    checked_by = "A. Counsel"
    checked_on = 2026-02-01
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bodyworn.domain.codec import from_json, plain
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.recording import shown_name
from bodyworn.domain.retention import ANY, PublishedCopies, RetentionRule, RetentionRules, folded_word
from bodyworn.media.documents import bytes_of

_MOST_BYTES = 1 << 20
_MOST_RULES = 10_000
#: Longer than anything is kept that a person would count in days.
_MOST_DAYS = 100_000
_LONGEST = 1000
_AS_DOCUMENTED = "Correct the rules file; the guide to retention shows its form"
_NEEDED = ("category", "outcome", "days", "basis", "checked_by", "checked_on")
_KNOWN = (*_NEEDED, "counted_from")
_PUBLISHED = ("keep", "basis", "checked_by", "checked_on")


def read_rules(path: Path) -> tuple[RetentionRules, bytes]:
    """The rules in a file, and its bytes; an :class:`InputError` names the rule and what is wrong with it."""
    data = bytes_of(path, _MOST_BYTES, "a rules file")
    try:
        return parse_rules(data), data
    except InputError as error:
        raise error.saying(f"{shown_name(path.name)}: {error.what}") from error


def parse_rules(data: bytes) -> RetentionRules:
    """The rules in these bytes; :class:`InputError`."""
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(f"that is not TOML: {shown_name(str(error))}") from None
    if unknown := sorted(found.keys() - {"rules", "published"}):
        raise _wrong(f"nothing is known of {shown_name(unknown[0])!r}")
    every = found.get("rules")
    if not isinstance(every, list) or not every or len(every) > _MOST_RULES:
        raise _wrong(f"there must be 1 to {_MOST_RULES} tables [[rules]]")
    rules = tuple(_rule(number, one) for number, one in enumerate(every, 1))
    _refuse_doubles(rules)
    published = _published(found["published"]) if "published" in found else None
    return RetentionRules(rules, published, Digest.of_bytes(data).sha256)


def _rule(number: int, untrusted: object) -> RetentionRule:
    where = f"rule {number}"
    values = _checked(where, untrusted, _NEEDED, _KNOWN)
    for name in ("category", "outcome"):
        word = folded_word(str(values[name]))
        values[name] = word
        if word != ANY and (not word or ANY in word):
            raise _wrong(f"{where}: {name} must be a word, or * for any")
    days = values["days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= _MOST_DAYS:
        raise _wrong(f"{where}: days must be a whole number from 1 to {_MOST_DAYS}")
    try:
        return from_json(RetentionRule, values)
    except ValueError as error:
        raise _wrong(f"{where}: {error}") from None


def _published(untrusted: object) -> PublishedCopies:
    values = _checked("[published]", untrusted, _PUBLISHED, _PUBLISHED)
    try:
        return from_json(PublishedCopies, values)
    except ValueError as error:
        raise _wrong(f"[published]: {error}") from None


def _checked(where: str, untrusted: object, needed: tuple[str, ...], known: tuple[str, ...]) -> dict[str, object]:
    """The values of a table, dates as text, once each that is needed is there and none that is not known."""
    if not isinstance(untrusted, Mapping):
        raise _wrong(f"{where} is no table")
    if missing := [name for name in needed if name not in untrusted]:
        raise _wrong(f"{where} does not say {missing[0]}")
    if unknown := sorted(set(untrusted) - set(known)):
        raise _wrong(f"{where}: nothing is known of {shown_name(unknown[0])!r}")
    values = {
        name: value.isoformat() if type(value) is date else plain(value) if _is_simple(value) else None
        for name, value in untrusted.items()
    }
    for name in ("category", "outcome", "basis", "checked_by", "checked_on"):
        if name in values and not _is_text(values[name]):
            raise _wrong(f"{where}: {name} must be text of at most {_LONGEST} printable characters")
    try:
        checked_on = date.fromisoformat(str(values["checked_on"]))
    except ValueError:
        raise _wrong(f"{where}: checked_on must be a day such as 2026-02-01") from None
    return {**values, "checked_on": checked_on.isoformat()}


def _is_simple(value: object) -> bool:
    return isinstance(value, str | int | bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST and value == shown_name(value)


def _refuse_doubles(rules: tuple[RetentionRule, ...]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for number, rule in enumerate(rules, 1):
        before = seen.setdefault((rule.category, rule.outcome), number)
        if before != number:
            raise _wrong(f"rules {before} and {number} are both for {rule.category}, {rule.outcome}")


def _wrong(what: str) -> InputError:
    return InputError(what, _AS_DOCUMENTED)


def remarks_on(rules: RetentionRules, today: date) -> list[str]:
    """What a person should know of rules that can be read: what they leave open, and odd days."""
    found = []
    if not any(rule.exactness == 0 for rule in rules.rules):
        found.append("no rule is for any category and any outcome: a recording that no rule covers is kept")
    if rules.published is None:
        found.append("nothing is said of published copies: the library's copies of published packages stay")
    found += [
        f"the rule for {rule} is said to be checked on {rule.checked_on}, which is a day to come"
        for rule in rules.rules
        if date.fromisoformat(rule.checked_on) > today
    ]
    return found
