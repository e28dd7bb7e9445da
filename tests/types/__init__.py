"""
What do type checkers see of what is public?

Each file is read by mypy and by pyright, and run: what stands at its left margin holds at run time too. What stands
in a function called ``refused`` must be an error for both, and nobody calls it. Each checker has a comment of its own
there, and says so when it needs it no longer.
"""
