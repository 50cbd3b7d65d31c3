"""The smallest embedding in Python: one engine in this program, one case from start to end."""

from pathlib import Path

# [embed]
import switchboard

with switchboard.open() as engine:  # in memory; open("cases.db") keeps it
    engine.deploy(Path(__file__).parent / "meter-check.yaml")

    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> dict[str, str]:
        return {"visit": f"Monday, customer {job.inputs['customer']}"}

    case = engine.start("meter-check", {"customer_no": "1001"})
    engine.work_off()
    [work] = engine.work(case=case.case)
    case = engine.complete(work, {"error_percent": 1.25}, by="wang")
    print(f"{case.case} is {case.state}, data: {engine.data(case)}")
# [embed]
assert case.state == "completed"
