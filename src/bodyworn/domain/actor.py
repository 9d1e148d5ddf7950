"""Who acts: the subject of every event, and what is known of who a person was."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from bodyworn.domain.codec import omit_default
from bodyworn.domain.errors import InputError
from bodyworn.domain.lookalikes import look_alike

#: An account of the operating system stands as ``os:<name>``.
SYSTEM_ACCOUNT = "os:"
#: A person's account in a library stands as ``account:<login>``.
ACCOUNT = "account:"
#: Longest name that can be stated; longer text is no name.
NAME_LENGTH = 100
#: Characters that show nothing although Unicode counts them as letters or marks.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_VARIATIONS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
#: Scripts that share letter shapes; one word in two of them imitates another word.
_LOOKALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


@dataclass(frozen=True)
class Person:
    """What is known of who did something.

    ``account`` is who acted (``os:ana``); it is empty in rows of versions that kept a typed name only. ``stated_name``
    is a name that was typed there: nothing but the typing speaks for it.
    """

    account: str
    stated_name: str = ""

    @classmethod
    def recorded(cls, by: str, stated_name: str = "") -> Person:
        """The person whom a row or an event names; earlier versions wrote a typed name in place of the account."""
        return cls(by, stated_name) if by.startswith((SYSTEM_ACCOUNT, ACCOUNT)) else cls("", stated_name or by)

    @property
    def name(self) -> str:
        """The name to compare and to address: the stated one, else that of the account."""
        return self.stated_name or _account_name(self.account)

    def is_same_as(self, other: Person) -> bool:
        """Whether both are one person, as far as is known.

        Where no name was stated, accounts of one kind tell people apart. A stated name is compared with the other's
        name, whatever the accounts: case, spacing, spelling in Unicode and the script of letters that look alike do
        not count. So are the names of an account of the operating system and of one in the library.
        """
        if not (self.stated_name or other.stated_name) and _kind(self.account) == _kind(other.account):
            return self.account.casefold() == other.account.casefold()
        return self == other or same_name(self.name, other.name)

    def __str__(self) -> str:
        if not self.stated_name:
            return self.account
        where = f"typed at the account {self.account}" if self.account else "typed; the account was not kept"
        return f"stated: {self.stated_name} ({where})"


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, and by what session. Every write names one.

    ``id`` names the account (``os:ana`` is one of the operating system, ``account:ana`` one of the library), ``node``
    the machine, ``source`` the
    way in (``cli``, ``web``, ``local``), ``session`` the signed-in session, empty where there is none.
    ``stated_name`` is a name typed by who sits there; it proves nothing and is kept apart from the account.
    """

    id: str
    node: str
    source: str
    session: str = field(default="", metadata=omit_default())
    stated_name: str = field(default="", metadata=omit_default())

    @property
    def person(self) -> Person:
        """What is known of who acts."""
        return Person(self.id, self.stated_name)


def stated(untrusted_name: str, account: str) -> str:
    """A name that a person typed, made fit to be kept: NFC, trimmed, one space between words.

    Empty for the name of ``account`` itself, with or without ``os:``. Raises :class:`InputError` for what is no name:
    nothing in it can be seen, it is too long, or it mixes letters of scripts that look alike.
    """
    visible = "".join(" " if char.isspace() else char for char in untrusted_name if not _is_invisible(char))
    name = " ".join(unicodedata.normalize("NFC", visible).split())
    if not folded(name) or len(name) > NAME_LENGTH:
        raise InputError("the stated name cannot be used", f"Give a name of letters, at most {NAME_LENGTH} characters")
    if any(len(_LOOKALIKE & {_script(char) for char in word}) > 1 for word in name.split()):
        raise InputError(
            "the stated name mixes letters of two scripts that look alike", "Write each word of it in one script"
        )
    bare = name[len(SYSTEM_ACCOUNT) :] if name.startswith(SYSTEM_ACCOUNT) else name
    return "" if same_name(bare, _account_name(account)) else name


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name, also in letters of another script that look alike.

    Names without a letter or digit are never the same.
    """
    first, second = folded(one), folded(other)
    return bool(first and second) and look_alike(first, second)


def folded(name: str) -> str:
    """What counts of a name: letters, digits and their marks, in compatibility form and without case.

    This is Unicode's caseless match for identifiers (toNFKC_Casefold, Unicode 3.13) without spaces and punctuation.
    """
    text = unicodedata.normalize("NFD", name)
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text.casefold())
    counts = "".join(char for char in text if unicodedata.category(char)[0] in "LNM" and not _is_invisible(char))
    return unicodedata.normalize("NFKC", counts)


def _account_name(account: str) -> str:
    return account.removeprefix(SYSTEM_ACCOUNT).removeprefix(ACCOUNT)


def _kind(account: str) -> str:
    return account.partition(":")[0]


def _is_invisible(char: str) -> bool:
    kind = unicodedata.category(char)
    hidden = (kind.startswith("C") and not char.isspace()) or char in _INVISIBLE
    return hidden or any(ord(char) in span for span in _VARIATIONS)


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
