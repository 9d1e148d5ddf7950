"""The SQL of each table, one file each. Every function takes the transaction it runs in."""
