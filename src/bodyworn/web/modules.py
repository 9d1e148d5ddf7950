"""Scripts are written in small modules; those of a page are served as one, so that it takes one request to get them.

Each module becomes a function that gives what it exports, in an order in which all that it imports is there before
it. Only the forms that our scripts use are known, one to a line; :class:`ValueError` for any other, at the start::

    import { clock } from "./clock.js";
    export function clock(…) {          export async function …          export const name = …
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

_IMPORT = re.compile(r'^import (\{ [\w, ]+ \}) from "(\.[\w./-]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+)\b)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(entry: str, bodies: Mapping[str, bytes]) -> bytes:
    """One module that does what ``entry`` does with all that it imports; names are paths in ``bodies``."""
    texts: dict[str, str] = {}
    _take(entry, bodies, texts, ())
    return "\n".join(texts.values()).encode()


def _take(name: str, bodies: Mapping[str, bytes], texts: dict[str, str], within: tuple[str, ...]) -> None:
    if name in within:
        raise ValueError(f"{name} imports itself by way of {', '.join(within)}")
    if name in texts:
        return
    text = bodies[name].decode()
    for _, relative in _IMPORT.findall(text):
        _take(_path(name, relative), bodies, texts, (*within, name))
    text = _IMPORT.sub(lambda found: f"const {found[1]} = {_variable(_path(name, found[2]))};", text)
    names = _EXPORT.findall(text)
    text = _EXPORT.sub("", text)
    if (left := _LEFT.search(text)) is not None:
        raise ValueError(f"{name}: a form that cannot be joined: {left[0]}")
    if within:
        text = f"const {_variable(name)} = (() => {{\n{text}return {{ {', '.join(names)} }};\n}})();\n"
    elif names:
        raise ValueError(f"{name}: the module that the page names cannot export anything")
    texts[name] = f"// {name}\n{text}"


def _path(name: str, relative: str) -> str:
    return normpath(join(dirname(name), relative))


def _variable(name: str) -> str:
    """A name that no script uses: our scripts have no dollar signs in theirs."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
