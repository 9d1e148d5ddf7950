"""The tables of a new library, laid again as the migrations laid them the first time in this process.

What the migrations do on an empty database is the same every time, and most of it is Alembic's own work. The first
empty database of each kind gets its tables from the migrations themselves; what they sent to it is sent to the others.
A database that holds a table already goes through the migrations, as ever.
"""

from __future__ import annotations

from sqlalchemy import Connection, event, inspect

from bodyworn.storage import migrations

#: What the migrations send to an empty database of that kind.
_sent: dict[str, tuple[str, ...]] = {}


def lay(connection: Connection) -> None:
    """Do what :func:`bodyworn.storage.migrations.upgrade` does."""
    if inspect(connection).get_table_names():
        migrations.upgrade(connection)
    elif statements := _sent.get(connection.dialect.name):
        _send(connection, statements)
    else:
        _sent[connection.dialect.name] = _recorded(connection)


def _recorded(connection: Connection) -> tuple[str, ...]:
    """Run the migrations; what they sent that changes something."""
    sent: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            return
        assert not values, f"not to be sent again without its values: {statement}"
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    try:
        migrations.upgrade(connection)
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    return tuple(sent)


def _send(connection: Connection, statements: tuple[str, ...]) -> None:
    """All in one message where the server takes that: it is waited for once."""
    together = (";\n".join(statements),) if connection.dialect.name == "postgresql" else statements
    for statement in together:
        connection.exec_driver_sql(statement)
