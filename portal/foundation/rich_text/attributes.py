"""What is taken from the attributes of elements: addresses, sides, spans, and marks that a style stands for."""

import re

LONGEST_ADDRESS = 2_000
WIDEST_CELL = 100
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s]|/(?![/\\])|/$", re.IGNORECASE)


def span(written: str | None) -> int:
    return min(max(int(written), 1), WIDEST_CELL) if written and written.isascii() and written.isdecimal() and len(written) < 6 else 1


def link(address: str) -> str:
    address = "".join(character for character in address.strip() if character.isprintable() and character not in '<>"` ')
    return address if LINK.match(address) and len(address) <= LONGEST_ADDRESS else ""


def alignment(name: str, attributes: dict[str, str], style: str, outer: str) -> str:
    """center and right; what is said of the element itself counts, else what is said around it."""
    if name == "center":
        return "center"
    found = re.search(r"(?<![\w-])text-align:\s*([a-z]+)", style)
    said = found[1] if found else attributes.get("align", "").lower()
    if not said:
        said = next((css for css in attributes.get("class", "").split() if css in ("center", "right")), "")
        said = said or ("center" if "MsoTitle" in attributes.get("class", "") else "")
    return {"center": "center", "right": "right", "end": "right"}.get(said, "" if said else outer)


def styled(marks: dict[str, str], style: str) -> dict[str, str]:
    changed = dict(marks)
    if weight := re.search(r"(?<![\w-])font-weight:\s*([a-z0-9]+)", style):
        if weight[1] in ("bold", "bolder", "600", "700", "800", "900"):
            changed["strong"] = ""
        else:
            changed.pop("strong", None)
    if slant := re.search(r"(?<![\w-])font-style:\s*([a-z]+)", style):
        if slant[1] in ("italic", "oblique"):
            changed["em"] = ""
        else:
            changed.pop("em", None)
    if line := re.search(r"(?<![\w-])text-decoration(?:-line)?:\s*([a-z -]+)", style):
        if "underline" in line[1] and "a" not in changed:
            changed["u"] = ""
        if "line-through" in line[1]:
            changed["s"] = ""
    if height := re.search(r"(?<![\w-])vertical-align:\s*(sub|super)\b", style):
        changed["sub" if height[1] == "sub" else "sup"] = ""
    return changed
