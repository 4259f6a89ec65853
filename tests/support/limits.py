"""Settings for servers whose tests ask faster than people do."""

from typing import Any

UNHURRIED: dict[str, Any] = {
    "requests_per_minute": 10**9,
    "request_burst": 10**9,
    "sign_in_attempts_per_minute": 10**9,
}
UNHURRIED_VARIABLES = {f"PINMARK_{name.upper()}": str(most) for name, most in UNHURRIED.items()}
"""The same for servers in processes of their own."""
