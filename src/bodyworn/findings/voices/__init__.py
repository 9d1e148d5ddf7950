"""Voices: who speaks when, which role each voice has, and how it sounds. Internals of three stages."""
