"""The command line: one file per noun over the same services as the web.

Command bodies import what they need when they run, so that ``bodyworn --help`` answers at once.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of ``bodyworn``: runs the command, turns known errors into one sentence and an exit code."""
    from bodyworn.cli.app import tree
    from bodyworn.cli.exits import STARTS_OVER, ended_well, left_to_tell, when_stopped
    from bodyworn.cli.next_steps import told
    from bodyworn.cli.screen import be_quiet
    from bodyworn.domain.errors import BodywornError

    be_quiet(False)

    def tell(error: BodywornError) -> None:
        sys.stdout.flush()
        print(f"bodyworn: {error.what}. {told(error)}.", file=sys.stderr)

    left_to_tell()
    when_stopped(STARTS_OVER)
    with ended_well():
        try:
            tree()(prog_name="bodyworn")
        except BodywornError as error:
            left_to_tell()
            tell(error)
            raise SystemExit(error.exit_code) from None
        except SystemExit as end:
            left = left_to_tell()
            if left is None:
                raise
            tell(left)
            raise SystemExit(end.code or left.exit_code) from None
