"""What finds things to hide: one file per detector, all behind :class:`~.interface.Detector`."""
