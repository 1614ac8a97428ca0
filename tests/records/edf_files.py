"""EDF files made byte by byte, with whatever is odd about one: writers of libraries refuse to write what is damaged."""

import numpy as np

RATE, RECORDS = 500, 4
_WIDTHS = {
    "label": 16, "transducer": 80, "unit": 8, "low": 8, "high": 8, "least": 8, "most": 8,
    "filter": 80, "samples": 8, "rest": 32,
}  # fmt: skip
_PLAIN: dict[str, str | bytes] = {
    "unit": "mV", "low": "-3.2768", "high": "3.2767", "least": "-32768", "most": "32767", "samples": str(RATE),
}  # fmt: skip
_ANNOTATION: dict[str, str | bytes] = {
    "unit": "", "label": "EDF Annotations", "low": "-1", "high": "1", "samples": "20",
}  # fmt: skip


def made_edf(
    counts: np.ndarray,
    labels: tuple[str | bytes, ...] = ("I", "II"),
    *,
    odd: dict[int, dict[str, str | bytes]] | None = None,
    onsets: tuple[str, ...] = (),
    head: dict[str, str | bytes] | None = None,
) -> bytes:
    """Give an EDF of four data records of a second.

    Args:
        counts: (channels, samples); 500 a second.
        labels: of the channels; one more channel holds annotations if there are onsets.
        odd: by channel, fields that differ from 0.1 µV a count.
        onsets: of the data records, in seconds, as text.
        head: fields of the whole file that differ.
    """
    channels = [{**_PLAIN, "label": label, **(odd or {}).get(at, {})} for at, label in enumerate(labels)]
    channels += [{**_PLAIN, **_ANNOTATION}] if onsets else []
    fields: dict[str, str | bytes] = {
        "version": "0", "patient": "X X X X", "recording": "Startdate X X X X", "start": "01.01.2000.00.00",
        "length": str(256 * (len(channels) + 1)), "kind": "EDF+C" if onsets else "", "records": str(RECORDS),
        "seconds": "1", "count": str(len(channels)), **(head or {}),
    }  # fmt: skip
    widths = dict(zip(fields, (8, 80, 80, 16, 8, 44, 8, 8, 4), strict=True))
    text = b"".join(_padded(fields[field], width) for field, width in widths.items())
    for field, width in _WIDTHS.items():
        text += b"".join(_padded(channel.get(field, ""), width) for channel in channels)
    rows = counts.astype("<i2").reshape(len(counts), RECORDS, -1)
    times = [f"{onset}\x14\x14".encode().ljust(40, b"\0") for onset in onsets] or [b""] * RECORDS
    return text + b"".join(rows[:, at].tobytes() + times[at] for at in range(RECORDS))


def _padded(field: str | bytes, width: int) -> bytes:
    raw = field if isinstance(field, bytes) else field.encode()
    assert len(raw) <= width, raw
    return raw.ljust(width)
