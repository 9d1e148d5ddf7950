"""Observers of the one pass over the picture: one file each, behind the interface in ``observer.py``."""
