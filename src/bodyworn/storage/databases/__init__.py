"""The databases that a library can lie in, behind one interface: a file of SQLite, or a PostgreSQL server."""
