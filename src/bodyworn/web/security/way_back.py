"""Where somebody goes on after signing in: an address of this site that they asked for, and never one elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request

HOME = "/recordings/"
#: No backslash (browsers take it for a slash), no control character, no scheme.
_OURS = re.compile(r"/[\w.~!$&'()*+,;=:@%/-]*(?:\?[\w.~!$&'()*+,;=:@%/?-]*)?", re.ASCII)
_NOT_BACK_TO = ("/sign-in", "/sign-out", "/prove", "/set-up", "/open")
_LONGEST = 1000


def way_back(untrusted: str) -> str:
    """The address to go on at, or the list of recordings where this is none of ours."""
    parts = untrusted.partition("?")[0].split("/")
    dotted = "" in parts[1:-1] or not {".", ".."}.isdisjoint(parts)  # could name a host, or another page
    fits = len(untrusted) <= _LONGEST and _OURS.fullmatch(untrusted) and not dotted
    return untrusted if fits and not untrusted.startswith(_NOT_BACK_TO) else HOME


def leading_back(page: str, back: str) -> str:
    """The address of ``page`` that leads on to ``back``."""
    return page if back == HOME else f"{page}?next={quote(back, safe='')}"


def where_from(request: Request) -> str:
    """The page that somebody is on: the one asked for, or the one that a form was sent from."""
    if request.method in ("GET", "HEAD"):
        asked = request.scope["path"] + (f"?{request.url.query}" if request.url.query else "")
        return way_back(quote(asked, safe="/?&=%:@!$'()*+,;~"))
    sent_from = urlsplit(request.headers.get("referer", ""))
    return way_back(sent_from.path + (f"?{sent_from.query}" if sent_from.query else ""))
