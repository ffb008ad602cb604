"""Words of people in patterns of the database."""


def literal(word: str) -> str:
    """For LIKE and ILIKE: what would stand for any character stands for itself."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
