"""Rows and bytes: the database, its tables and migrations, and the object store. Only this layer writes SQL."""
