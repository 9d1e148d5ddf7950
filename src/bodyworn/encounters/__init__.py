"""Encounters: the recordings and the call or stop that belong together, and what is known of it."""
