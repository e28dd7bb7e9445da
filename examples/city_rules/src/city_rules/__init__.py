"""The rulebook of a placeholder city, loaded once."""

from pathlib import Path

from handleflow import load

RULEBOOK = Path(__file__).parent / "placeholder_city.toml"
RULES = load(RULEBOOK)

__all__ = ["RULEBOOK", "RULES"]
