"""A person's age from two dates; the dates themselves go no further."""

from datetime import date


def years_between(born: date, day: date) -> float | None:
    """Give the whole years from a birth to a day; None where the day comes first."""
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return float(years) if years >= 0 else None
