"""Near duplicates: records whose lead II is the same curve but for its scale, whatever files and names they came in.

Two leads of equal length at 100 Hz with a correlation above 0.999 are unit vectors less than REACH apart once their
means are out. An amplitude of such a vector in a band, and its product with another unit vector, then differ by less
than REACH too: what differs by more needs no second look, and nothing is missed.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ecgssl_core.corpus.pack import Pack
from ecgssl_core.signals.resample import resample

CORRELATION = 0.999
RATE = 100.0
REACH = float(np.sqrt(2 * (1 - CORRELATION))) * 1.001  # a little more, for the rounding of float32
BANDS_HZ = (0.0, 0.7, 1.5, 2.5, 4.0, 6.0, 8.0, 11.0, 14.0, 18.0, 23.0, 30.0, 51.0)
PRODUCTS = 12
WIDTH = len(BANDS_HZ) - 1 + PRODUCTS
_AT_ONCE = 1 << 21  # numbers held at a time, of samples as of candidates, however many records there are
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


def leads_of(pack: Pack, rows: Rows) -> Floats:
    """Give lead II of records of one length at 100 Hz, (records, samples), as unit vectors without mean; zeros if flat.

    A pack without lead II is compared by its first lead.
    """
    place = pack.leads.index("II") if "II" in pack.leads else 0
    length, starts = int(pack.lengths[rows[0]]), pack.table["start"].to_numpy()[rows]
    signals = np.asarray(pack.signals)  # still a map of the file, and sliced faster
    counts = [signals[first : first + length, place] for first in starts.tolist()]  # scale changes no correlation
    leads = resample(np.stack(counts).astype(np.float32), pack.rate, RATE)
    leads = leads - leads.mean(axis=1, keepdims=True, dtype=np.float64)
    sizes = np.linalg.norm(leads, axis=1, keepdims=True)
    unit: Floats = np.divide(leads, sizes, out=np.zeros_like(leads), where=sizes > 0).astype(np.float32)
    return unit


def signatures(pack: Pack, rows: Rows) -> Floats:
    """Give what is first compared of records: amplitudes in bands and products, (records, WIDTH)."""
    found = np.zeros((len(rows), WIDTH), dtype=np.float32)
    lengths = pack.lengths[rows]
    order = np.argsort(lengths, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        step = max(1, _AT_ONCE // max(1, int(lengths[same[0]])))
        directions = _directions(leads_of(pack, rows[same[:1]]).shape[1])
        for begin in range(0, len(same), step):
            part = same[begin : begin + step]
            found[part] = _signature(leads_of(pack, rows[part]), directions)
    return found


def candidates(near: Floats, others: Floats) -> Iterator[tuple[int, Rows]]:
    """Give for each signature that has any the places of those others that may be near duplicates of it, in order.

    Args:
        near: (records, WIDTH), none of a flat lead.
        others: (records, WIDTH), of records of the same length; the memory taken does not depend on how many are alike.
    """
    from scipy.spatial import cKDTree  # takes a while to load, and a finished audit is read from its file

    bands = len(BANDS_HZ) - 1
    tree = cKDTree(others[:, :bands])
    step = max(1, _AT_ONCE // len(others))
    for begin in range(0, len(near), step):
        found = tree.query_ball_point(near[begin : begin + step, :bands], REACH)
        for at, places in enumerate(found, start=begin):
            close = np.sort(np.array(places, dtype=np.int64))
            close = close[np.linalg.norm(others[close, bands:] - near[at, bands:], axis=1) <= REACH]
            if close.size:
                yield at, close


def are_near(lead: Floats, pack: Pack, rows: Rows) -> NDArray[np.bool_]:
    """Say of records of one length whether their lead II correlates above 0.999 with a lead as long, (records,)."""
    near: NDArray[np.bool_] = leads_of(pack, rows) @ lead > CORRELATION
    return near


def _signature(leads: Floats, directions: Floats) -> Floats:
    """Give the signatures (records, WIDTH) of unit vectors (records, samples)."""
    samples = leads.shape[1]
    spectrum = np.fft.rfft(leads, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) / max(samples, 1)
    power[:, 1 : (samples + 1) // 2] *= 2  # every frequency but 0 and half the rate stands for its negative as well
    band = np.digitize(np.fft.rfftfreq(samples, 1 / RATE), BANDS_HZ) - 1
    amplitudes = [np.sqrt(power[:, band == at].sum(axis=1)) for at in range(len(BANDS_HZ) - 1)]
    return np.column_stack([*amplitudes, leads @ directions]).astype(np.float32)


def _directions(samples: int) -> Floats:
    """Give unit vectors at right angles to each other, (samples, PRODUCTS), always the same, where an ECG has most."""
    chance = np.random.default_rng(0)
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    inside = (hertz >= 0.5) & (hertz <= 15)
    spectrum = np.zeros((PRODUCTS, len(hertz)), dtype=complex)
    spectrum[:, inside] = chance.standard_normal((PRODUCTS, inside.sum(), 2)) @ np.array([1, 1j])
    curves = np.fft.irfft(spectrum, samples, axis=1)  # (PRODUCTS, samples)
    directions = np.zeros((samples, PRODUCTS))
    if inside.sum() * 2 >= PRODUCTS:  # else the record is too short to have that many directions
        directions = np.linalg.qr(curves.T)[0]
    return directions.astype(np.float32)
