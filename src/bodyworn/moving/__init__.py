"""Moving house: a library copied to another database, backed up in three parts, restored, and the drill for that."""
