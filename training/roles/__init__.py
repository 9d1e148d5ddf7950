"""The role of a speaker from the words."""
