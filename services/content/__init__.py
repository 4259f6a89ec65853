"""Content: the files of a commit that an app reads while it runs, found and judged.

Content is prompt templates, components, datasets and schemas below the content root, and
``agentmark.json``. Everything here is a function of one commit and touches no database. What is
wrong is returned, all of it, as problems for people to fix; nothing about a repository raises.
"""
