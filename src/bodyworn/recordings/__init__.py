"""Recordings: taking files into custody, and looking after them there."""
