"""Pages of the recordings: the list, the encounter page, custody, facts."""
