"""The engines: inline for one process, workers for supervised child processes."""
