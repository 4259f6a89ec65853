"""``python -m tests.support.access``: say how large the whole matrix is."""

import sys

from tests.support.access.size import describe

sys.stdout.write(f"{describe()}\n")
