"""Who acts, as far as this machine can tell: the account of the operating system."""

from __future__ import annotations

import getpass
import os
import platform

from bodyworn.domain.actor import SYSTEM_ACCOUNT, Actor, stated


def local_actor(source: str, stated_name: str | None = None) -> Actor:
    """The actor of this process: its account of the operating system and, kept apart, a name that was typed.

    Raises :class:`InputError` for a typed name that is none.
    """
    account = SYSTEM_ACCOUNT + system_account()
    name = stated(stated_name, account) if stated_name is not None else ""
    return Actor(account, platform.node(), source, stated_name=name)


def system_account() -> str:
    """Name of the account that runs this process, from the system itself.

    Variables such as ``USER`` and ``LOGNAME`` do not count, for anybody can set them; they are asked last, where the
    system knows no name.
    """
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        pass
    if hasattr(os, "geteuid"):
        return f"uid-{os.geteuid()}"
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
