"""Keeping and letting go: the rules of retention, legal holds, and disposal by two people."""
