"""The roots of the API. A resolver opens a transaction, calls one service and wraps the row."""
