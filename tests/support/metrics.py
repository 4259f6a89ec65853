"""Reading what a server tells Prometheus, as Prometheus reads it."""

from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families

Series = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Scrape:
    """Every sample of one scrape."""

    text: str
    samples: dict[Series, float]

    def value(self, name: str, **labels: str) -> float:
        """The sample of that name and exactly these labels; 0 when nothing was counted yet."""
        return self.samples.get((name, frozenset(labels.items())), 0.0)

    def total(self, name: str, **labels: str) -> float:
        """All samples of that name which have these labels."""
        wanted = labels.items()
        return sum(
            value
            for (each, has), value in self.samples.items()
            if each == name and wanted <= dict(has).items()
        )

    @property
    def labels(self) -> set[tuple[str, str]]:
        return {label for _, labels in self.samples for label in labels}


async def scrape(client: httpx2.AsyncClient, url: str = "/metrics") -> Scrape:
    response = await client.get(url)
    assert response.status_code == 200, response.text
    families = text_string_to_metric_families(response.text)
    return Scrape(
        response.text,
        {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        },
    )
