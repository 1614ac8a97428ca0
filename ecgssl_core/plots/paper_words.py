"""What stands in words under a sheet of ECG paper: how the trace came about, and what it therefore cannot show."""

ENOUGH_HZ = 500.0  # samples a second that a diagnostic ECG has
DIAGNOSTIC_HZ = 150.0  # up to here a diagnostic ECG of an adult reaches (AHA/ACC/HRS 2007, part I)
MEDIAN = "Each lead stands about its own median of the stretch shown; that offset is not drawn."
COLUMNS = "All columns share one time axis: where one ends, the next goes on."


def as_recorded(rate: float) -> str:
    """Give what is to be said of a trace that is drawn from the file."""
    words = f"As recorded, {rate:g} samples/s: no filter here; what the machine filtered is not in the file."
    if rate < ENOUGH_HZ:
        words += f" Fewer than {ENOUGH_HZ:g} samples/s: nothing above {rate / 2:g} Hz can be here."
    return f"{words} {MEDIAN}"


def as_seen(what: str, rate: float) -> str:
    """Give what is to be said of the signal that a model reads; `what` is how that came from the record."""
    words = f"As the model sees it, {rate:g} samples/s: {what.rstrip('.') or 'unaltered'}."
    if rate / 2 < DIAGNOSTIC_HZ:
        words += f" Above {rate / 2:g} Hz nothing is left: notches, fragmented QRS and pacing spikes may be hidden."
    return f"{words} {MEDIAN}"
