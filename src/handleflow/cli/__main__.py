"""``python -m handleflow.cli``."""

import sys

from handleflow.cli import main

sys.exit(main())
