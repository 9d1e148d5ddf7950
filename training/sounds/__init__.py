"""Training of the layers that tell crying and other sounds by what the recognizer's encoder hears."""
