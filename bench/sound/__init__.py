"""Sound in rooms and noise."""
