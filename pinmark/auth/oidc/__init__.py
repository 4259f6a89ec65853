"""OpenID Connect: any provider that publishes a discovery document, and one at a time.

Sources: OpenID Connect Core and Discovery 1.0; RFC 7636 (PKCE), RFC 9207 (`iss` in the answer),
RFC 9700 (best current practice), RFC 8725 (JSON Web Tokens).
"""
