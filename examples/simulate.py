"""A scenario from Python: does the shift of examples/crews keep its 45 minutes?"""

from pathlib import Path

import switchboard

examples = Path(__file__).resolve().parent
# [simulate]
result = switchboard.simulate(
    examples / "crews" / "outage.scenario.yaml",
    processes=examples.parent / "processes",
    seed=7,
    progress=lambda share: print(f"\r{share:4.0%}", end=""),
)
arrival = result["overall"]["clocks"]["arrival"]
print(f"\rin time: {arrival['kept']:.1%}, on site after {arrival['mean'] / 60:.0f} min on average")
# [simulate]
assert 0 < arrival["kept"] <= 1
