"""What a storm came to, in figures for whoever started it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.support.history_rules import Account, time_to_settle
from tests.support.nemesis import Nemesis
from tests.support.tallies import Tally

Figures = tuple[str, Mapping[str, object]]


def figures_of(account: Account, tally: Tally, nemesis: Nemesis) -> Iterator[Figures]:
    yield "operations", {"answered": tally.answered, "unanswered": tally.unanswered}
    yield from tally.by_kind()
    yield "kills", {"all": nemesis.kills.total(), **nemesis.kills}
    yield "other faults", nemesis.faults
    yield "promotions", _promotions(account)
    yield "compared", _compared(account)


def _promotions(account: Account) -> Mapping[str, object]:
    told = {ask.answer for ask in account.asks}
    acknowledged = [
        each for each in account.history.deployments if each.id in told and each.kind == "PROMOTION"
    ]
    taken = sorted(taken for each in acknowledged if (taken := time_to_settle(each)))
    outcomes = Counter(each.failure_class or "DEPLOYED" for each in acknowledged)
    return {
        "acknowledged": len(acknowledged),
        "settled": len(taken),
        "longest seconds to settle": f"{taken[-1].total_seconds():.1f}" if taken else "none",
        "median": f"{taken[len(taken) // 2].total_seconds():.2f}" if taken else "none",
        **outcomes,
    }


def _compared(account: Account) -> Mapping[str, object]:
    history = account.history
    return {
        "events": len(history.events),
        "events told": sum(len(told) for told in account.subscribers.values()),
        "deployments": len(history.deployments),
        "versions": sum(each.current_version for each in history.environments),
        "servings": len(history.servings),
        "reads byte for byte": len(account.reads),
        "answers to keys": len(account.asks),
        "earlier histories": len(account.earlier),
    }
