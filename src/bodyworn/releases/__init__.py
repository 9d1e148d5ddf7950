"""Releases: what left the house, who approved it and why, and how anybody can tell the genuine clip."""
