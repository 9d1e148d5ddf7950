"""The command line: one file per noun over the same services as the web.

Command bodies import what they need when they run, so that ``bodyworn --help`` answers at once.
"""

from __future__ import annotations

import sys

STOPPED_BY_KEYBOARD = 130


def main() -> None:
    """Entry point of ``bodyworn``: runs the command, turns known errors into one sentence and an exit code."""
    from bodyworn.cli.app import app
    from bodyworn.cli.next_steps import told
    from bodyworn.domain.errors import BodywornError

    try:
        app()
    except BodywornError as error:
        print(f"bodyworn: {error.what}. {told(error)}.", file=sys.stderr)
        raise SystemExit(error.exit_code) from None
    except SystemExit as end:
        if end.code == STOPPED_BY_KEYBOARD:  # what typer makes of a KeyboardInterrupt
            print("bodyworn: stopped; the same command goes on where it left off", file=sys.stderr)
        raise
