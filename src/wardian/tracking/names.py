"""Names for runs that nobody named: plants that travelled in Wardian cases, and a bit of the id."""

_PLANTS = (
    "fern", "orchid", "palm", "moss", "cinchona", "tea", "rubber", "banana", "breadfruit", "camellia", "cycad", "ivy",
    "heather", "jasmine", "laurel", "magnolia", "myrtle", "nutmeg", "pepper", "sage", "vanilla", "yucca",
)  # fmt: skip


def made_up_name(run: str) -> str:
    """The same for the same id; ids are random at their end."""
    number = int(run[-8:], 16)
    return f"{_PLANTS[number % len(_PLANTS)]}-{run[-5:]}"
