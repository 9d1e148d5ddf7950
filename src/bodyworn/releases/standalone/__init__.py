"""The script that goes into every package, so that an outsider can verify it offline with nothing of ours."""
