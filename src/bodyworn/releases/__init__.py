"""Releases: what left the agency, who approved it and why, and how anyone can tell the genuine clip."""
