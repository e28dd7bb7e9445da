"""
Adapters: what may another engine do for this library, where a host has one? Each module here needs its own extra.
"""
