"""``bodyworn serve``: the workbench in the browser, for the person at this machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption

PORT = 8420


def serve(
    library: LibraryOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = PORT,
    host: Annotated[str, typer.Option(help="Address to listen on; only this machine's own (loopback).")] = "127.0.0.1",
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the link in the browser.")] = True,
    json_to: JsonOption = None,
) -> None:
    """Open the workbench in the browser; prints a link that works once."""
    refuse_other_hosts(host)
    from bodyworn.cli.exits import STOPPED, when_stopped
    from bodyworn.cli.options import opened
    from bodyworn.cli.screen import give
    from bodyworn.settings import default_library

    when_stopped(STOPPED)
    with opened(library or default_library(), source="web", signed_in=False) as chosen:
        from bodyworn.access.sessions import LINK_MINUTES, LocalAccess
        from bodyworn.custody.periodic import sealed_every
        from bodyworn.web.app import create_app
        from bodyworn.web.server import listen, run
        from bodyworn.web.workbench import workbench_over

        socket = listen(host, port)
        where = {"library": str(chosen.folder), "link_minutes": LINK_MINUTES, "port": port}

        def announce(link: str) -> None:
            """Tell the link for one more browser; as a further line where a script reads."""
            give(json_to, [{**where, "link": link}], lambda: _announce(link), lines=True)

        access = LocalAccess(port, host, announce=announce)
        link = access.new_link()
        give(json_to, [{**where, "link": link}], lambda: _told(str(chosen.folder), link, LINK_MINUTES), lines=True)
        if open_browser and has_screen():
            import webbrowser

            webbrowser.open(link)
        styleguide = os.environ.get("BODYWORN_STYLEGUIDE") == "1"  # for development
        with sealed_every(chosen.settings.seal_seconds, chosen.audit_log):
            run(create_app(workbench_over(chosen), access, styleguide=styleguide), socket)


def _told(folder: str, link: str, minutes: int) -> None:
    print(f"The workbench of {folder} is open. This link works once, within {minutes} minutes:\n")
    print(f"    {link}\n\nStop with Ctrl+C.", flush=True)


def _announce(link: str) -> None:
    print("\nA browser without a session asks to come in. To let it in, open this link there; it works once:\n")
    print(f"    {link}", flush=True)


def refuse_other_hosts(host: str) -> None:
    """Raise :class:`Denied` for an address that others could reach; there are no accounts yet to let them in by."""
    from bodyworn.domain.errors import Code, Denied

    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise Denied(
            f"the workbench listens on this machine only, not on {host!r}: it has no accounts yet",
            "Use an address of this machine",
            Code.HOST_NOT_LOCAL,
        )


def has_screen() -> bool:
    """Whether there is a desktop to open a browser on; without one, a text browser could take the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
