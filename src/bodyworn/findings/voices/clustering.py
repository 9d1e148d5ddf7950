"""Put embeddings of the same voice together: agglomerative clustering with average linkage on the cosine.

At most :data:`MOST_ITEMS` items are clustered against each other (memory is their square); the rest join the nearest
cluster. Two voices that the segmentation heard in the same window are less likely one person: such pairs carry a
penalty. So do pieces of very different level: the wearer's mouth is half a meter from the microphone, everyone
else's is 1 m and more, which is 8 dB and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

MOST_ITEMS = 1500


@dataclass(frozen=True)
class ClusteringSettings:
    """When two voices are one. Similarities are cosines."""

    #: Clusters whose mean similarity is lower stay apart.
    threshold: float = 0.32
    #: Taken off the similarity of two voices heard in the same window.
    apart_penalty: float = 0.20
    #: Added to the similarity of two pieces of what the segmentation heard as one voice of a window.
    together_bonus: float = 0.10
    #: Taken off for each decibel by which two pieces differ in level beyond ``same_level_db``, and at most.
    level_penalty: float = 0.02
    same_level_db: float = 5.0
    most_level_penalty: float = 0.16
    #: A voice needs so many seconds of clear speech to found a cluster.
    founding_s: float = 1.0
    #: A cluster with less speech than this joins the nearest one that is at least ``rejoin`` similar.
    small_s: float = 2.0
    rejoin: float = 0.25
    #: Beyond so many speakers, those who speak least join the nearest.
    most_speakers: int = 24


def cluster(
    embeddings: Array,
    seconds: Array,
    origins: Sequence[tuple[int, int]],
    settings: ClusteringSettings,
    levels_db: Array | None = None,
) -> NDArray[np.int64]:
    """Cluster number of each embedding ``(n, d)``; ``seconds`` of clear speech, and ``origins``: window and
    local voice each is from. ``levels_db`` are the levels of the pieces, where they are known.

    Numbers run from 0 without gaps. Deterministic; independent of anything but its arguments.
    """
    import numpy as np

    count = len(embeddings)
    if count == 0:
        return np.zeros(0, np.int64)
    founders = np.flatnonzero(seconds >= settings.founding_s)
    if len(founders) == 0:
        founders = np.array([int(np.argmax(seconds))])
    if len(founders) > MOST_ITEMS:
        founders = founders[np.linspace(0, len(founders) - 1, MOST_ITEMS).astype(int)]
    window, voice = np.asarray(origins)[founders].T
    similarity = embeddings[founders] @ embeddings[founders].T
    same_window = window[:, None] == window[None, :]
    same_voice = voice[:, None] == voice[None, :]
    similarity[same_window & ~same_voice] -= settings.apart_penalty
    similarity[same_window & same_voice] += settings.together_bonus
    if levels_db is not None:
        apart = np.abs(levels_db[founders][:, None] - levels_db[founders][None, :]) - settings.same_level_db
        similarity -= np.clip(settings.level_penalty * apart, 0.0, settings.most_level_penalty)
    labels = _merge_upwards(similarity, np.asarray(seconds[founders], np.float64), settings.threshold)
    labels = _absorb_small(embeddings[founders], seconds[founders], labels, settings)
    centers = centroids(embeddings[founders], seconds[founders], labels)
    everyone = np.argmax(embeddings @ centers.T, axis=1)
    everyone[founders] = labels
    return np.unique(everyone, return_inverse=True)[1].astype(np.int64)


def centroids(embeddings: Array, seconds: Array, labels: NDArray[np.int64]) -> Array:
    """Mean voice of each cluster ``(k, d)``, weighted by seconds of speech, of unit length."""
    import numpy as np

    belongs = (labels[None, :] == np.arange(labels.max() + 1)[:, None]) * np.minimum(seconds, 5.0)[None, :]
    sums = (belongs @ embeddings).astype(np.float32)
    unit: Array = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return unit


def _merge_upwards(similarity: Array, weights: NDArray[np.float64], threshold: float) -> NDArray[np.int64]:
    """Join the two most similar clusters until none are ``threshold`` similar; similarities average by weight."""
    import numpy as np

    table = similarity.astype(np.float64)
    np.fill_diagonal(table, -np.inf)
    labels = np.arange(len(table))
    best = table.max(axis=1)
    while len(table) > 1:
        one = int(np.argmax(best))
        if best[one] < threshold:
            break
        other = int(np.argmax(table[one]))
        total = weights[one] + weights[other]
        row = (table[one] * weights[one] + table[other] * weights[other]) / total
        row[[one, other]] = -np.inf
        touched = (best == table[:, one]) | (best == table[:, other])
        table[one], table[:, one] = row, row
        table[other], table[:, other] = -np.inf, -np.inf
        weights[one] = total
        labels[labels == other] = one
        best[touched] = table[touched].max(axis=1)
        best = np.maximum(best, table[:, one])
        best[one], best[other] = row.max(), -np.inf
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _absorb_small(
    embeddings: Array, seconds: Array, labels: NDArray[np.int64], settings: ClusteringSettings
) -> NDArray[np.int64]:
    """Let clusters of little speech join the nearest larger one, if they are similar at all."""
    import numpy as np

    speech = np.bincount(labels, weights=seconds)
    most = np.argsort(-speech, kind="stable")[: settings.most_speakers]
    large = np.sort(most[speech[most] >= settings.small_s])
    if len(large) == 0:
        return labels
    centers = centroids(embeddings, seconds, labels)
    joined = labels.copy()
    for small in np.setdiff1d(np.arange(len(speech)), large):
        likeness = centers[large] @ centers[small]
        if likeness.max() >= settings.rejoin or small not in most:
            joined[labels == small] = large[int(np.argmax(likeness))]
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)
