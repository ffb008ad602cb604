"""What a module does when a paper of one of its kinds has ended: an effect, carried out after the decision is written, also where the paper became void."""

_effects: dict[str, str] = {}


def register_ending(kind_code: str, effect: str) -> None:
    """Enqueue this effect with `paper_id` whenever a paper of the kind ends, however it ends."""
    if _effects.get(kind_code, effect) != effect:
        raise ValueError(f"two effects for the end of papers of the kind {kind_code!r}")
    _effects[kind_code] = effect


def effect_at_end(kind_code: str) -> str | None:
    return _effects.get(kind_code)
