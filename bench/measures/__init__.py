"""What is measured: one file, one section of RESULTS.md, one function ``run(out)``."""
