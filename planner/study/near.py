"""What a misspelt word was most likely meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def find_nearest(word: str, options: Iterable[str]) -> str | None:
    """Find the option that `word` is most likely a misspelling of; None where none comes near."""
    near = find_near(word, options, 1)
    return near[0] if near else None


def find_near(word: str, options: Iterable[str], limit: int) -> list[str]:
    """The options that `word` may be a misspelling of, the likeliest first."""
    by_key = {option.casefold(): option for option in sorted(options, reverse=True)}
    return [by_key[key] for key in difflib.get_close_matches(word.casefold(), sorted(by_key), n=limit)]


def suggest(key: str, options: Iterable[str]) -> str:
    """The remedy for an unknown word: the one that was meant, or all that are known."""
    nearest = find_nearest(key, options)
    return f"did you mean {nearest}?" if nearest else f"the known ones are {', '.join(options)}"
