"""Logistic regression by Newton's method, in numpy: a few thousand rows of a thousand columns, seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FOLDS = 3


def regression(x: np.ndarray, y: np.ndarray, l2: float, steps: int = 8) -> tuple[np.ndarray, float]:
    """Weights and bias for the rows ``x`` as they are, fitted on them standardized, with the penalty ``l2``."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = np.c_[(x - mean) / spread, np.ones(len(x))].astype(np.float32)
    weights, penalty = np.zeros(z.shape[1]), np.full(z.shape[1], l2)
    penalty[-1] = 1e-6
    for _ in range(steps):
        chance = logistic(z @ weights.astype(np.float32))
        curve = np.asarray((z * (chance * (1 - chance) + 1e-9)[:, None]).T @ z, np.float64)
        curve[np.diag_indices_from(curve)] += penalty
        step = np.linalg.solve(curve, z.T @ (chance - y).astype(np.float32) + penalty * weights)
        weights -= step
        if np.abs(step).max() < 1e-3:
            break
    plain = weights[:-1] / spread
    return plain, float(weights[-1] - plain @ mean)


def by_fold(x: np.ndarray, y: np.ndarray, used: np.ndarray, folds: np.ndarray, l2: float) -> np.ndarray:
    """The log-odds of each row by a regression on the ``used`` rows of the other folds."""
    odds = np.zeros(len(x))
    for fold in range(FOLDS):
        rest = used & (folds != fold)
        weights, bias = regression(x[rest], y[rest], l2)
        odds[folds == fold] = x[folds == fold] @ weights + bias
    return odds


def calibration(odds: np.ndarray, y: np.ndarray, steps: int = 50) -> tuple[float, float]:
    """``(slope, shift)`` that make log-odds of held-out rows into calibrated ones (Platt 1999).

    Rows of ``y`` 1 and 0 are fitted as a little less than certain, the less the fewer there are of their kind, so that
    log-odds which part them wholly get a finite slope too. A step that would make the fit worse is halved.
    """
    with_it, without = float((y == 1).sum()), float((y != 1).sum())
    sought = np.where(y == 1, (with_it + 1) / (with_it + 2), 1 / (without + 2))
    columns = np.c_[odds, np.ones(len(odds))]
    found = np.array([0.0, np.log((with_it + 1) / (without + 1))])
    loss = _loss(columns @ found, sought)
    for _ in range(steps):
        chance = logistic(columns @ found)
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + 1e-9 * np.eye(2)
        change = np.linalg.solve(curve, columns.T @ (chance - sought))
        while (after := _loss(columns @ (found - change), sought)) > loss and np.abs(change).max() > 1e-9:
            change = change / 2
        if after >= loss:
            break
        found, loss = found - change, after
    return float(found[0]), float(found[1])


def _loss(odds: np.ndarray, sought: np.ndarray) -> float:
    """Cross-entropy of log-odds with the chances that are sought."""
    return float((np.logaddexp(0.0, odds) - sought * odds).sum())


def logistic(values: np.ndarray) -> np.ndarray:
    """1 over 1 plus e to the minus value."""
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def reported(scores: np.ndarray, level: float, windows: int) -> np.ndarray:
    """For each scene ``(scenes, windows)`` whether enough windows in a row reach ``level``."""
    high = np.lib.stride_tricks.sliding_window_view(scores >= level, windows, axis=1)
    return np.asarray(np.asarray(high.all(axis=-1)).any(axis=1))


def level_for(scores: np.ndarray, windows: int, share: float) -> float:
    """The lowest level that at most ``share`` of the scenes ``(scenes, windows)`` reach."""
    lowest = np.lib.stride_tricks.sliding_window_view(scores, windows, axis=1).min(axis=-1).max(axis=1)
    ranked = np.sort(lowest)[::-1]
    return float(np.nextafter(ranked[min(len(ranked) - 1, int(share * len(ranked)))], np.inf))


def folds_of(donors: Sequence[str]) -> np.ndarray:
    """A fold for each scene, so that all of one donor are in one."""
    names = sorted(set(donors))
    order = np.random.default_rng(5).permutation(len(names))
    fold = {name: int(order[number]) % FOLDS for number, name in enumerate(names)}
    return np.array([fold[donor] for donor in donors])
