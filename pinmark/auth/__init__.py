"""Signing in to the dashboard: one-time links, the identity provider, the session's cookie."""
