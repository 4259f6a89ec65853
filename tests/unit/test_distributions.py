"""Our four general package names are ours alone."""

from importlib.metadata import packages_distributions

import pytest


@pytest.mark.parametrize("name", ["schema", "resolvers", "services", "models"])
def test_no_dependency_brings_a_package_of_our_name(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"pinmark"}
