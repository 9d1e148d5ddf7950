"""What the recordings of an encounter tell together: one transcript, and findings with evidence from each recording."""
