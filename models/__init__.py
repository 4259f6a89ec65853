"""What is true: the tables, their constraints, and pure rules about one row.

Tables know nothing of sessions, GraphQL or HTTP. A rule the database can keep is a constraint
here; the migrations say the same in plain SQL and a test keeps the two equal.
"""
