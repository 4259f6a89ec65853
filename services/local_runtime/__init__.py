"""Runtimes on this machine: one sandboxed process each, reached over a Unix socket."""

from services.local_runtime.driver import LocalRuntimes, RuntimeLimits

__all__ = ["LocalRuntimes", "RuntimeLimits"]
