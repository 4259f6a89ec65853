"""The command line's client: everything it knows it asks the public API.

Nothing here imports the server, so what a command can do any other client can. What is slow to
import is imported by the command that needs it. Text that came from a server passes through
``words.harmless`` before a terminal sees it, and a token goes into a header and nowhere else.
"""
