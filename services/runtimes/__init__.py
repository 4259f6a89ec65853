"""Keeping each environment's handler running.

The ``runtime`` table says what should run and what does. One ``Supervisor`` per installation
makes the second follow the first: it has the runtimes that the pins name started by a
``RuntimeDriver``, and the ``candidates`` that builds ask for, and stops all others.
"""
