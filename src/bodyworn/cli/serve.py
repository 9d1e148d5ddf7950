"""``bodyworn serve``: the workbench in the browser, for the person at this machine or people with accounts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption

if TYPE_CHECKING:
    from bodyworn.access.site import Site
    from bodyworn.bootstrap import Library
    from bodyworn.cli.serving import Place

PORT, LOOP = 8420, "127.0.0.1"


def serve(
    library: LibraryOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = PORT,
    host: Annotated[str, typer.Option(help="Address to listen on; with accounts and TLS any, else loopback.")] = LOOP,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TLS certificate with its chain (PEM).", readable=False)
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its private key (PEM).", readable=False)] = None,
    name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Name of this server, beside those of the certificate.")
    ] = None,
    behind_proxy: Annotated[
        str | None, typer.Option(metavar="https://NAME", help="Public address of the proxy that does TLS.")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the link in the browser.")] = True,
    json_to: JsonOption = None,
) -> None:
    """Open the workbench in the browser; prints a link that works once, or where people with accounts sign in."""
    from bodyworn.cli.exits import STOPPED, when_stopped
    from bodyworn.cli.options import opened
    from bodyworn.cli.serving import Place, site_of
    from bodyworn.settings import default_library

    place = Place(host, port, certificate, key, behind_proxy, tuple(name or ()))
    when_stopped(STOPPED)
    with opened(library or default_library(), source="web", signed_in=False) as chosen:
        site = site_of(place, has_accounts=chosen.people.any())
        if chosen.sign_in.oidc is not None:
            chosen.sign_in.oidc.provider.check()
        _run(chosen, place, site, json_to, open_browser=open_browser)


def _run(chosen: Library, place: Place, site: Site, json_to: str | None, *, open_browser: bool) -> None:
    from bodyworn.access.sessions import LINK_MINUTES, LocalAccess
    from bodyworn.cli.screen import give
    from bodyworn.custody.periodic import sealed_every
    from bodyworn.web.app import create_app
    from bodyworn.web.server import listen, run
    from bodyworn.web.workbench import workbench_over

    socket = listen(place.host, place.port)
    accounts, folder = chosen.people.any(), str(chosen.folder)
    minutes = 0 if accounts else LINK_MINUTES
    where = {"library": folder, "link_minutes": minutes, "port": place.port, "accounts": accounts}

    def announce(link: str) -> None:
        """Tell the link for one more browser; as a further line where a script reads."""
        give(json_to, [{**where, "link": link}], lambda: _announce(link), lines=True)

    access = LocalAccess(place.port, place.host, announce=announce)
    link = site.origin if accounts else access.new_link()
    give(json_to, [{**where, "link": link}], lambda: _told(folder, link, minutes), lines=True)
    if open_browser and has_screen():
        import webbrowser

        webbrowser.open(link)
    styleguide = os.environ.get("BODYWORN_STYLEGUIDE") == "1"  # for development
    with sealed_every(chosen.settings.seal_seconds, chosen.audit_log):
        app = create_app(workbench_over(chosen), access, site=site, styleguide=styleguide)
        run(app, socket, certificate=place.certificate, key=place.key)


def _told(folder: str, link: str, minutes: int) -> None:
    if minutes:
        print(f"The workbench of {folder} is open. This link works once, within {minutes} minutes:\n")
    else:
        print(f"The workbench of {folder} is open. People sign in with their accounts here:\n")
    print(f"    {link}\n\nStop with Ctrl+C.", flush=True)


def _announce(link: str) -> None:
    print("\nA browser without a session asks to come in. To let it in, open this link there; it works once:\n")
    print(f"    {link}", flush=True)


def has_screen() -> bool:
    """Whether there is a desktop to open a browser on; without one, a text browser could take the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
