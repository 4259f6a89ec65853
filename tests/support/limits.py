"""Settings for servers whose tests ask faster than people do."""

from typing import Any

UNHURRIED: dict[str, Any] = {
    "requests_per_minute": 10**9,
    "request_burst": 10**9,
    "sign_in_attempts_per_minute": 10**9,
}
