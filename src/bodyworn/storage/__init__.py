"""Rows and bytes: the database, its migrations, and the store of originals and by-products. The only place with SQL."""
