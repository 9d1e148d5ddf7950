"""Stores of bytes under their SHA-256. ``local`` is the folder of the library."""
