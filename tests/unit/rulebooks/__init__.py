"""Reading rulebook files."""
