"""The model registry: name, license, SHA-256, where it comes from; load and unload."""
