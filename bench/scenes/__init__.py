"""What is drawn or played for a measure."""
