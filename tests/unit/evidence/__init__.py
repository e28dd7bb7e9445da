"""Digests, keys, evidence."""
