"""Wake-ups between processes: what rings at one server is heard at every other.

By Postgres alone unless told otherwise; with Redis for most of it where that is set.
"""

from pinmark.notifications.carriers import open_bell
from pinmark.notifications.wakeups import Wakeups, open_wakeups

__all__ = ["Wakeups", "open_bell", "open_wakeups"]
