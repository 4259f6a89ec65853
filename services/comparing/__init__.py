"""What a promotion would change, told before anybody asks for it.

Everything is read from what is kept: snapshots and pushes in Postgres, code from this machine's
mirror. Nothing is fetched, so what is compared is named, and a promotion can be bound to it.
"""
