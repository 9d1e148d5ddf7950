"""Labeled texts that are scored on."""
