"""Every code block of the pages runs as a test; tests/pages.py says what each kind must be."""

from __future__ import annotations

from sybil import Sybil
from tests.pages import PARSERS, PATTERNS, close_page, open_page

pytest_plugins = ["pytester"]
pytest_collect_file = Sybil(parsers=PARSERS, patterns=PATTERNS, setup=open_page, teardown=close_page).pytest()
