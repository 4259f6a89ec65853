"""Builds on this machine: Python and Node apps, in a sandbox, into artifacts that run at ``/app``.

An artifact is unpacked and bound at ``ROOT``. A Python app's holds ``code`` and ``venv`` and runs
as ``/app/venv/bin/python`` with ``/app/code`` on its path; ``import_check`` says how its handler
is imported. A Node app's holds ``code`` and ``bundle``: a Node that ``find_node`` gives imports
``/app/bundle/handler.mjs`` with ``--enable-source-maps`` in ``/app/code``, and the handler is the
default export.
"""

from services.local_builder.artifact import BadArtifact, pack, unpack
from services.local_builder.builder import LocalBuilder
from services.local_builder.node import BUNDLE
from services.local_builder.node_installation import Node, find_node
from services.local_builder.workbench import ROOT

__all__ = ["BUNDLE", "ROOT", "BadArtifact", "LocalBuilder", "Node", "find_node", "pack", "unpack"]
