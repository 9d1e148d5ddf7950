"""PyAV behind small functions: probe, one decode for many observers, stills, render. Only this layer imports av."""
