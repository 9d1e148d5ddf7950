"""The plate network."""
