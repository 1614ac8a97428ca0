"""How plausible the usual beat of a record is under each arrangement of electrodes, by frozen weights."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .frozen import frozen_columns
from .heartbeats import AFTER_S, BEFORE_S, STEP_S

NEEDED = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
CHEST = NEEDED[2:]

# what each exchange of limb electrodes makes of I and II, from I = LA - RA and II = LL - RA
LIMB: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "RA and LA": ((-1, 0), (-1, 1)),
    "LA and LL": ((0, 1), (1, 0)),
    "RA and LL": ((1, -1), (0, -1)),
    "RA/LA/LL in turn": ((-1, 1), (-1, 0)),
    "RA/LL/LA in turn": ((0, -1), (1, -1)),
}
_EXCHANGED = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 2))

# stretches of the usual beat where P, QRS and T mostly lie: seconds, floor of their size in mV, steps that are averaged
_P, _QRS, _T = (-0.25, -0.07, 0.02, 2), (-0.064, 0.064, 0.05, 1), (0.10, 0.46, 0.03, 4)
_CHEST_QRS, _CHEST_T = (-0.064, 0.064, 0.1, 1), (0.10, 0.46, 0.05, 4)

Beats = NDArray[np.float64]  # (arrangements, leads, steps) in mV
Stretch = tuple[float, float, float, int]


@dataclass(frozen=True, eq=False)
class Arrangement:
    """One way in which electrodes or leads may stand: what it makes of (I, II) and of V1 to V6."""

    name: str
    family: str
    limb: NDArray[np.float64]  # (2, 2)
    chest: NDArray[np.float64]  # (6, 6)

    def applied(self, beat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what the eight leads (8, steps) look like under this arrangement."""
        return np.concatenate([self.limb @ beat[:2], self.chest @ beat[2:]])


@cache
def arrangements() -> tuple[Arrangement, ...]:
    """Give all arrangements that are weighed: the right one first, then limb electrodes, all signs, chest leads."""
    two, six = np.eye(2), np.eye(6)
    limb = [Arrangement(name, "limb", np.array(rows, float), six) for name, rows in LIMB.items()]
    chest = [
        Arrangement(f"{CHEST[one]} and {CHEST[other]}", "chest", two, _with_rows(one, other))
        for one, other in _EXCHANGED
    ]
    chest.append(Arrangement("V1 to V6 in reverse", "chest", two, six[::-1].copy()))
    signs = [Arrangement(lead, "sign", two, np.diag(1 - 2 * six[row])) for row, lead in enumerate(CHEST)]
    return (Arrangement("", "", two, six), *limb, Arrangement("all leads", "inverted", -two, -six), *chest, *signs)


def plausibilities(beat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how much more plausible each arrangement is than the one that is there.

    Args:
        beat: (8, steps) usual beat in mV in I, II, V1 to V6, as of `Heartbeats`.

    Returns:
        (arrangements,) natural logarithms of the ratio, in the order of `arrangements()`; the first is 0.
    """
    limb, other = frozen_columns("arrangements.csv", ("limb", "other"))
    return gains(all_features(beat), limb, other)


def gains(features: NDArray[np.float64], limb: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the plausibilities (…, arrangements) of features (…, arrangements, features) with given weights."""
    is_limb = np.array([one.family == "limb" for one in arrangements()])
    scores = np.where(is_limb, features @ limb, features @ other)
    first = np.where(is_limb, features[..., :1, :] @ limb, features[..., :1, :] @ other)
    gained: NDArray[np.float64] = scores - first
    return gained


def all_features(beat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the features of a beat (8, steps) under every arrangement, (arrangements, features)."""
    centred = beat - np.median(beat, axis=1, keepdims=True)
    return features_of(np.stack([one.applied(centred) for one in arrangements()]))


def features_of(beats: Beats) -> NDArray[np.float64]:
    """Give the features of beats (…, 8, steps): those of the frontal plane, then those of the chest leads."""
    frontal = [_frontal(beats, stretch) for stretch in (_P, _QRS, _T)]
    chest = [_chest(beats[:, 2:], stretch) for stretch in (_CHEST_QRS, _CHEST_T)]
    return np.concatenate([*frontal, *chest], axis=1)


@cache
def frontal_names() -> tuple[str, ...]:
    """Give the names of the features that the limb arrangements are weighed by."""
    return tuple(
        f"{wave} {name}"
        for wave, stretch in (("P", _P), ("QRS", _QRS), ("T", _T))
        for name in (
            *(f"{axis} {at}" for axis in "xy" for at in range(_steps(stretch) // stretch[3])),
            *(f"{axis} times {lead}" for axis in "xy" for lead in CHEST),
            *("xx minus yy", "x times y", "mean x", "mean y"),
        )
    )


def _frontal(beats: Beats, stretch: Stretch) -> NDArray[np.float64]:
    """Give features of a stretch: x is I, y points down; exchanged limb electrodes turn and mirror their plane."""
    part = beats[:, :, _inside(stretch)]
    if stretch is _P:
        part = part - np.median(part, axis=2, keepdims=True)
    plane = np.stack([part[:, 0], (2 * part[:, 1] - part[:, 0]) / np.sqrt(3)], axis=1)
    size = np.sqrt((plane**2).sum(axis=1).mean(axis=1)) + stretch[2]
    chest_size = np.sqrt((part[:, 2:] ** 2).mean(axis=(1, 2))) + stretch[2]
    plane, chest = plane / size[:, None, None], part[:, 2:] / chest_size[:, None, None]
    products = plane @ np.swapaxes(chest, 1, 2) / plane.shape[2]
    own = plane @ np.swapaxes(plane, 1, 2) / plane.shape[2]
    quadratic = np.stack([own[:, 0, 0] - own[:, 1, 1], own[:, 0, 1]], axis=1)
    count = len(beats)
    course = _averaged(plane, stretch[3]).reshape(count, -1)
    return np.concatenate([course, products.reshape(count, -1), quadratic, plane.mean(axis=2)], axis=1)


def _chest(chest: Beats, stretch: Stretch) -> NDArray[np.float64]:
    part = chest[:, :, _inside(stretch)]
    part = part / (np.sqrt((part**2).mean(axis=(1, 2))) + stretch[2])[:, None, None]
    products = part @ np.swapaxes(part, 1, 2) / part.shape[2]
    rows, columns = np.triu_indices(part.shape[1])
    return np.concatenate([_averaged(part, stretch[3]).reshape(len(part), -1), products[:, rows, columns]], axis=1)


def _averaged(part: Beats, steps: int) -> Beats:
    whole = part.shape[2] // steps * steps
    means: Beats = part[:, :, :whole].reshape(*part.shape[:2], -1, steps).mean(axis=3)
    return means


@cache
def _inside(stretch: Stretch) -> NDArray[np.bool_]:
    grid = np.arange(-BEFORE_S, AFTER_S, STEP_S)
    return np.asarray((grid >= stretch[0]) & (grid <= stretch[1]))


def _steps(stretch: Stretch) -> int:
    return int(_inside(stretch).sum())


def _with_rows(one: int, other: int) -> NDArray[np.float64]:
    rows = np.eye(6)
    rows[[one, other]] = rows[[other, one]]
    return rows
