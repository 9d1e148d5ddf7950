"""Other programs and methods, measured beside ours."""
