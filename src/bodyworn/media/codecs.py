"""What this installation's FFmpeg can read."""

from __future__ import annotations


def decoders() -> frozenset[str]:
    """Names of the codecs that can be decoded."""
    import av.codec

    found = set()
    for name in av.codec.codecs_available:
        try:
            found.add(av.codec.Codec(name, "r").name)
        except (ValueError, LookupError):
            continue
    return frozenset(found)


def version() -> str:
    """Version of PyAV and of the libavcodec in it."""
    import av

    return f"PyAV {av.__version__}, libavcodec {'.'.join(map(str, av.library_versions['libavcodec']))}"
