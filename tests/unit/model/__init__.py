"""The nouns, events and values."""
