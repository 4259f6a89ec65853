"""Builds on this machine: Python apps, in a sandbox, into artifacts that run at ``/app``.

An artifact holds ``code`` and ``venv``. Unpacked and bound at ``ROOT``, the app runs as
``/app/venv/bin/python`` with ``/app/code`` on its path; ``import_check`` says how its handler is
imported.
"""

from services.local_builder.artifact import BadArtifact, pack, unpack
from services.local_builder.builder import LocalBuilder
from services.local_builder.workbench import ROOT

__all__ = ["ROOT", "BadArtifact", "LocalBuilder", "pack", "unpack"]
