"""What a process tells Prometheus about itself and, where it can ask, about its installation.

A label is always one of a few values that are known here: a route, a state, a class. No name of
an app, an environment, a member or a repository is among them, nor anything that a client sent,
so that whoever may look learns of nobody and no caller can make series without end.
"""

from pinmark.metrics.answers import separate_listener, tell
from pinmark.metrics.measures import Metrics
from pinmark.metrics.reading import ProcessReading
from pinmark.metrics.requests import MeasuringRequests

__all__ = ["MeasuringRequests", "Metrics", "ProcessReading", "separate_listener", "tell"]
