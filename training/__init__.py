"""Training of the models that are our own: never imported by the product, its tests, or a measure's run."""
