"""Code blocks of pages run as tests (tests/pages.py), tests say what they start, laws how many examples they try."""

from __future__ import annotations

from hypothesis import settings
from sybil import Sybil
from tests.pages import PARSERS, PATTERNS, close_page, open_page

pytest_plugins = ["pytester", "tests.markers", "tests.wide_screen"]
pytest_collect_file = Sybil(parsers=PARSERS, patterns=PATTERNS, setup=open_page, teardown=close_page).pytest()

# Chosen by pytest --hypothesis-profile: the same few examples each time for who waits, chance for who does not.
settings.register_profile("quick", max_examples=12, deadline=None, derandomize=True, database=None)
settings.register_profile("ci", max_examples=30, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=3000, deadline=None, derandomize=False)
settings.load_profile("ci")
