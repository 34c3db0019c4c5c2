"""How old somebody is, in full years."""

from datetime import date


def years_before(day: date, years: int) -> date:
    """Whoever was born then or earlier is that old on `day`; 29/2 counts as 1/3 in other years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
