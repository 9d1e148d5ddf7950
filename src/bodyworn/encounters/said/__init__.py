"""Rules that propose why there was contact and how it ended, from what is said. Each proposal quotes the words."""
