"""Who acts: the subject side of every event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts, from where, and by what session.

    ``id`` names the account (``os:ana`` is an account of the operating system), ``node`` the machine, ``source`` the
    way in (``cli``, ``web``, ``local``), ``session`` the signed-in session, empty where there is none.
    """

    id: str
    node: str
    source: str
    session: str = ""
