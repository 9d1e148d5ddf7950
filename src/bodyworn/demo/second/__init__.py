"""The second camera of the sample encounter: a deputy who arrives late, stands farther away and has a wrong clock."""
