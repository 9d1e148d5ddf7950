"""Forms of the database, one file each, brought in by Alembic.

``HEAD`` is the newest; revisions are four digits that only grow.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

HEAD = "0009"
KNOWN = tuple(f"{number:04d}" for number in range(1, int(HEAD) + 1))


def upgrade(connection: Connection) -> None:
    """Run all missing migrations inside the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
