"""Passwords: which are good enough (zxcvbn, a local list), and how they are kept (argon2id, RFC 9106)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bodyworn.domain.errors import InputError, LibraryError

#: NIST SP 800-63B-4 asks for 8 beside a second factor; the strength below is what decides.
SHORTEST, LONGEST = 10, 256
#: Of zxcvbn's 0 to 4: "safely unguessable, moderate protection from offline slow-hash scenario".
STRENGTH = 3
#: zxcvbn takes long for long texts, and these are strong enough by their length.
_LOOKED_AT = 60
#: Letters and digits that have to be left without the person's own name.
_OF_ITS_OWN = 8


def refuse_weak(password: str, about: Sequence[str], known_bad: Path | None = None) -> None:
    """Raise :class:`InputError` for a password that is easily guessed.

    ``about`` are words that stand for the person (login, name) and ``known_bad`` a file of passwords that nobody may
    have, one a line; :class:`LibraryError` if it cannot be read.
    """
    from zxcvbn import zxcvbn

    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"the password has {len(password)} characters", f"Take {SHORTEST} to {LONGEST} characters")
    if known_bad is not None and password.casefold() in _listed(known_bad, known_bad.stat().st_mtime_ns):
        raise InputError("the password is on the list of those that everybody knows", "Take another one")
    if len(_without(password, about)) < _OF_ITS_OWN:
        raise InputError("the password is too weak: it is made of your own name", "Take four or more unrelated words")
    judged = zxcvbn(password[:_LOOKED_AT], user_inputs=[*about, "bodyworn", "bodycam", "sheriff", "police"])
    if judged["score"] < STRENGTH:
        why = str(judged["feedback"]["warning"] or "it is easily guessed").rstrip(".")
        raise InputError(f"the password is too weak: {why[:1].lower()}{why[1:]}", "Take four or more unrelated words")


def _without(password: str, about: Sequence[str]) -> str:
    """The letters and digits that are left without the person's own words."""
    left = password.casefold()
    for word in sorted(about, key=len, reverse=True):
        left = left.replace(word.casefold(), "") if len(word) > 1 else left
    return "".join(char for char in left if char.isalnum())


@lru_cache(maxsize=2)
def _listed(path: Path, _changed: int) -> frozenset[str]:
    try:
        return frozenset(line.strip().casefold() for line in path.read_text("utf-8", "replace").splitlines())
    except OSError as error:
        raise LibraryError(
            f"the list of known passwords {path} cannot be read ({error.strerror})", "Check it"
        ) from None


def hashed(password: str) -> str:
    """An argon2id hash with its salt and parameters, to be kept."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def verified(kept: str, untrusted_password: str) -> bool:
    """Whether the password is the one of the hash."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(kept, untrusted_password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def of_nobody() -> str:
    """A hash that nothing fits: checked for names that are not there, so that both answers take equally long."""
    import secrets

    return hashed(secrets.token_urlsafe())
