"""The contents of the stages' artifacts, one file each; ``domain.codec`` turns them into JSON and back.

Times are integer milliseconds from the first frame or sample of the recording, on one clock for sound and picture.
The content of ``probe`` is :class:`bodyworn.domain.media_facts.MediaFacts`.
"""
