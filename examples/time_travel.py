"""A test of a promise that takes five days in the world and a millisecond here: the engine asks the test for the time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import switchboard


# [travel]
class Hands:
    """A clock that the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def travel(engine: switchboard.Engine, hands: Hands, span: timedelta) -> None:
    """Lets `span` pass, stopping at every instant at which something is due, so that nothing fires late."""
    end = hands.now + span
    while (due := engine.tick(100_000).next_due) and hands.now < due <= end:
        hands.now = due
    hands.now = end
# [travel]


def test_a_promise_of_five_days() -> None:
    hands = Hands(datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8))))
    with switchboard.open(clock=hands) as engine:
        engine.deploy(Path(__file__).parent / "meter-check.yaml")
        engine.start("meter-check", {"customer_no": "1001"})
        travel(engine, hands, timedelta(days=4) - timedelta(seconds=1))
        assert engine.outbox() == []
        travel(engine, hands, timedelta(seconds=1))
        assert [record.name for record in engine.outbox()] == ["still-working"]
        travel(engine, hands, timedelta(days=2))
        [clock] = engine.clocks()
        assert clock.breached and clock.due == datetime(2026, 3, 7, 1, tzinfo=timezone.utc)


if __name__ == "__main__":
    test_a_promise_of_five_days()
    print("the promise was broken after five days, and the customer told at 80 % of them")
