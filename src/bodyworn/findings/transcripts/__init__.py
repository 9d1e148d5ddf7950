"""Transcripts that exist already, in the formats people have: captions, recognizer output, plain text with speakers."""
