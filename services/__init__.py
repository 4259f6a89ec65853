"""The domain: what may happen, written without knowing how it was asked for.

A service function takes the session first and everything else by keyword, raises
``services.errors.DomainError`` when a rule says no, and never commits: the transaction belongs
to the caller. The few that must reach outside the database between two transactions (a fetch,
a build) take the ``Database`` instead and say so.
"""
