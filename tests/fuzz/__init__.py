"""Containers changed at random: nothing that is read from them may break the program."""
