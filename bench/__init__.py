"""Measured comparisons: ``python -m bench``. Nothing here is part of the product, and nothing here writes under src."""
