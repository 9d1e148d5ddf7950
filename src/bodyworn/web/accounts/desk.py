"""What the pages know of the accounts of a library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bodyworn.access.signing_in.service import SignIn

#: The way in, as sessions and the audit log name it.
WAY = "web"


@dataclass(frozen=True)
class Accounts:
    """``any`` tells whether the library has accounts by now; ``use_notice`` is read before signing in."""

    any: Callable[[], bool]
    sign_in: SignIn
    use_notice: str
