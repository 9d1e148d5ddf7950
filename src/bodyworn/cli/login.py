"""``bodyworn login`` and ``logout``: the command line acts as the account that signed in, and as nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption

if TYPE_CHECKING:
    from bodyworn.access.signing_in.opening import SignedIn
    from bodyworn.bootstrap import Library

LoginArgument = Annotated[str, typer.Argument(metavar="NAME", help="The name you sign in with.")]


def login(
    name: LoginArgument,
    set_up: Annotated[
        bool, typer.Option("--set-up", help="Set up the account with the code of your invitation.")
    ] = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Sign in to a library that has accounts; the session ends after 30 idle minutes and after 12 hours."""
    from bodyworn.cli.kept_session import WAY, forget_token, keep_token, kept_token
    from bodyworn.cli.options import opened
    from bodyworn.cli.screen import complain, give, say
    from bodyworn.domain.errors import InputError

    with opened(library, signed_in=False) as chosen:
        if not chosen.people.any():
            raise InputError(
                "this library has no accounts: it is the one person's at this machine",
                "Make the first account, of an administrator, if others should use it",
            )
        say(chosen.settings.use_notice)
        done = _set_up(chosen, name) if set_up else _sign_in(chosen, name)
        before = kept_token(chosen.folder)
        keep_token(chosen.folder, done.token)
        if before is not None:
            chosen.sign_in.sign_out(before, WAY)
        shown = {"account": done.account, "session": done.session, "recovery_codes": list(done.recovery_codes)}

        def told() -> None:
            for line in _recovery(done):
                complain(line)
            print(f"signed in as {done.account.partition(':')[2]}")

        try:
            give(json_to, [shown], told)
        except BaseException:
            forget_token(chosen.folder)
            raise


def logout(library: LibraryOption = None) -> None:
    """End the session of the command line."""
    from bodyworn.cli.kept_session import WAY, forget_token, kept_token
    from bodyworn.cli.options import opened
    from bodyworn.cli.screen import say

    with opened(library, signed_in=False) as chosen:
        token = kept_token(chosen.folder)
        if token is not None:
            chosen.sign_in.sign_out(token, WAY)
        forget_token(chosen.folder)
    say("signed out" if token is not None else "nobody was signed in here")


def _sign_in(library: Library, name: str) -> SignedIn:
    from bodyworn.cli.asking import ask, ask_secret
    from bodyworn.cli.kept_session import WAY

    password = ask_secret("password")
    return library.sign_in.sign_in(name, password, ask("one-time code"), WAY)


def _set_up(library: Library, name: str) -> SignedIn:
    from bodyworn.cli.asking import ask, ask_new_secret
    from bodyworn.cli.kept_session import WAY
    from bodyworn.cli.screen import complain

    code = ask("code of the invitation")
    password = ask_new_secret("new password")
    enrollment = library.sign_in.enroll(name, code, password)
    _show_code(enrollment.address)
    complain(f"secret for an authenticator program: {enrollment.secret}")
    first = ask("one-time code that it shows now")
    return library.sign_in.finish_enrolling(name, code, password, enrollment.secret, first, WAY)


def _show_code(address: str) -> None:
    """The QR code, on a terminal only."""
    import sys

    if sys.stderr.isatty():
        import segno

        segno.make(address).terminal(out=sys.stderr, compact=True)


def _recovery(done: SignedIn) -> list[str]:
    if not done.recovery_codes:
        return []
    codes = [f"  {one}" for one in done.recovery_codes]
    return ["Print these codes. Each works once in place of a one-time code, and they are not shown again:", *codes]
