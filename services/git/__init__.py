"""Git, read through libgit2: what a linked repository has, and nothing it could do to us.

Every repository is hostile until read. Nothing is checked out and no hook, filter or
configuration of a repository or of this machine is ever obeyed; trees are walked without
recursion and within a budget; blobs are read by object id after their size is known. libgit2
has no patience of its own, so every transfer has a deadline and a limit of bytes here. All
calls run in threads. Only this package and the tests import pygit2.
"""
