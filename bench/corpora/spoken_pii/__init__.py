"""Invented talk with personal data: what is said, and what the recognizer heard."""
