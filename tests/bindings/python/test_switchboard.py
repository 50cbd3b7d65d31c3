"""The installed wheel: what an embedder in Python sees."""

from __future__ import annotations

import datetime as dt
import logging
import os
import pickle
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import switchboard

ROOT = Path(os.environ["SWITCHBOARD_SOURCE_DIR"])
METER_CHECK = ROOT / "examples" / "meter-check.yaml"
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.now = START
        self.broken: Exception | None = None

    def __call__(self) -> dt.datetime:
        if self.broken:
            raise self.broken
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def engine(hands: Hands) -> Iterator[switchboard.Engine]:
    with switchboard.open(clock=hands, zone="Asia/Shanghai") as engine:
        engine.deploy(METER_CHECK)
        yield engine


def start(engine: switchboard.Engine, **more: Any) -> switchboard.CaseInfo:
    return engine.start("meter-check", {"customer_no": "1001"}, **more)


# ---- the way of a case


def test_a_case_from_start_to_end(engine: switchboard.Engine, hands: Hands) -> None:
    jobs: list[switchboard.Job] = []

    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> dict[str, str]:
        jobs.append(job)
        return {"visit": "Monday"}

    case = start(engine, case="M-1")
    assert (case.case, case.state, case.customer, case.started, case.ended, case.at) == ("M-1", "active", "1001", START, None, ["book"])
    assert case.started.utcoffset() == dt.timedelta(hours=8)
    assert engine.work_off() == 1
    assert jobs[0].inputs == {"customer": "1001"} and jobs[0].attempt == 1 and jobs[0].topic == "book-visit" and jobs[0].work.startswith("i-")

    [clock] = engine.clocks(case="M-1")
    assert (clock.clock, clock.state, clock.breached, clock.due) == ("answer", "running", False, START + dt.timedelta(days=5))
    assert clock.left == dt.timedelta(days=5) and clock.percent == 0
    hands.now += dt.timedelta(days=4, seconds=1)
    report = engine.tick()
    assert report.marks == 1 and report.worst_lateness == dt.timedelta(seconds=1) and report.next_due == clock.due + dt.timedelta(microseconds=1)

    told: list[switchboard.OutboxInfo] = []

    def tell(record: switchboard.OutboxInfo) -> None:
        told.append(record)
        if len(told) == 1:
            raise ConnectionError("the gateway is down")

    assert engine.deliver(tell) == 0
    assert engine.deliver(tell) == 0 and len(told) == 1
    [waiting] = engine.outbox(open_only=True)
    assert waiting.next_try == hands.now + dt.timedelta(minutes=1) and "the gateway is down" in (waiting.error or "")
    hands.now += dt.timedelta(minutes=1)
    assert engine.deliver(tell) == 1
    assert told[0].key == told[1].key and told[0].name == "still-working"
    assert engine.outbox(open_only=True) == []

    [work] = engine.work(group="metering")
    assert work.node == "test" and work.form == ["error_percent"]
    assert engine.claim(work, "wang").assignee == "wang"
    [field] = engine.form(work)
    assert (field.name, field.type, field.required, field.choices, field.value) == ("error_percent", "number", False, None, None)
    assert engine.assign(work, "li", reason="wang is ill", by="boss").assignee == "li"
    assert engine.release(work, "boss", reason="li is ill too").assignee is None
    engine.set_data(case, {}, by="boss", reason="nothing was wrong")
    assert engine.suspend(case, "holiday").state == "suspended"
    assert engine.resume(case).state == "active"
    assert [c.state for c in engine.suspend_with_called(case, "holiday", by="li")] == ["suspended"]
    assert [c.state for c in engine.resume_with_called(case)] == ["active"]
    assert engine.names("pending_calendar") == []
    engine.set_data(case, {"visit": "Tuesday"}, by="li")
    done = engine.complete(work, {"error_percent": Decimal("0.1234567890123456789")}, by="wang")
    assert done.state == "completed" and done.ended == hands.now
    assert engine.data(case) == {"customer_no": "1001", "visit": "Tuesday", "error_percent": Decimal("0.1234567890123456789")}
    assert [case.case for case in engine.instances(customer="1001")] == ["M-1"]
    assert engine.history(case)[0].sequence == 1
    assert engine.incidents() == [] and engine.check() == []
    assert [d.process for d in engine.deployments()] == ["meter-check"]
    assert all(r.kind in ("calendar", "decision") and not r.older_in for r in engine.resources())


def test_organisations(engine: switchboard.Engine) -> None:
    assert engine.organisations() == []
    engine.add_resource("switchboard: 1\norganisations: company\nunits: {zj: {name: Zhejiang}, hz: {parent: zj}, nb: {parent: zj}}\n")
    assert [(o.organisation, o.parent, o.name, o.path) for o in engine.organisations()] == [
        ("zj", None, "Zhejiang", ["zj"]),
        ("hz", "zj", "hz", ["zj", "hz"]),
        ("nb", "zj", "nb", ["zj", "nb"]),
    ]
    engine.worker("book-visit")(lambda job: {"visit": "soon"})
    case = start(engine, case="M-1")
    engine.work_off()
    (work,) = engine.work(case="M-1")
    assert case.organisation is None and work.organisation is None
    with pytest.raises(switchboard.RejectedError, match="SB0536"):
        engine.claim(work, "wang", organisation="hz")
    assert engine.move(case, "hz", reason="wrong area", by="boss").organisation == "hz"
    assert engine.claim(work, "wang", organisation="hz").organisation == "hz"
    moved = engine.move_work(work, "nb", reason="they know it", by="boss")
    assert (moved.organisation, moved.assignee) == ("nb", None)
    assert [w.case for w in engine.work(organisation="nb")] == ["M-1"] and engine.work(organisation="hz") == []
    assert [c.case for c in engine.instances(organisation="hz")] == ["M-1"]
    assert engine.clocks(organisation="nb") == [] and engine.incidents(organisation="nb") == [] and engine.outbox(organisation="nb") == []
    assert [row["organisation"] for row in engine.report(by=["organisation"], organisation="hz")["rows"]] in ([], ["hz"])
    with pytest.raises(switchboard.RejectedError, match="SB0535"):
        engine.instances(organisation="nowhere")


def test_the_work_of_a_group_and_of_a_request(engine: switchboard.Engine) -> None:
    engine.worker("book-visit")(lambda job: {"visit": "soon"})
    case = start(engine, case="M-1")
    engine.work_off()
    [work] = engine.work(case="M-1", open_only=True)
    assert work.work.startswith(case.instance + ".")
    with pytest.raises(switchboard.SwitchboardError, match="SB0505"):
        engine.claim(work, "wang", groups=["drivers"])
    with pytest.raises(switchboard.SwitchboardError, match="SB0505"):
        engine.complete(work, {"error_percent": 0.5}, by="wang", groups=["drivers"])
    with pytest.raises(switchboard.SwitchboardError, match="SB0505"):
        engine.fail(work, "no", by="wang", groups=[])
    assert engine.claim(work, "wang", groups=["metering", "drivers"], request_id="claim/1").assignee == "wang"
    assert engine.claim(work.work.replace(".", "/"), "wang", request_id="claim/1").work == work.work
    known = engine.work_of_request("claim/1")
    assert known is not None and (known.work, known.case, known.node) == (work.work, "M-1", "test")
    assert engine.work_of_request("never given") is None
    with pytest.raises(switchboard.UsageError, match="'groups' must be a list of texts"):
        engine.claim(work, "wang", groups="metering")


def test_names_zones_and_reports(engine: switchboard.Engine, hands: Hands) -> None:
    engine.deploy(TALK, "talk.yaml")
    assert engine.names("message") == ["answer"] and engine.names("signal") == ["storm"] and "answer" in engine.names("clock")
    assert engine.zone("meter-check")
    nonsense: Any = "clocks"
    with pytest.raises(switchboard.UsageError, match="must be one of clock, message, signal"):
        engine.names(nonsense)
    start(engine)
    hands.now += dt.timedelta(days=6)
    engine.tick()
    report = engine.report(by=["process", "clock"], process="meter-check", since=START)
    [row] = report["rows"]
    assert (row["process"], row["clock"], row["rounds"], row["broken"], row["kept_share"]) == ("meter-check", "answer", 1, 1, 0)
    assert report["total"]["broken"] == 1
    with pytest.raises(switchboard.UsageError, match="SB0720"):
        engine.report(by=["colour"])
    assert engine.instances(roots_only=True, open_only=True) == engine.instances()
    assert engine.clocks(due_after=hands.now) == [] and len(engine.clocks(due_before=hands.now)) == 1


def test_delivery_of_one_case_and_forgetting(engine: switchboard.Engine, hands: Hands) -> None:
    first, second = start(engine, case="M-1"), start(engine, case="M-2", request_id="second")
    hands.now += dt.timedelta(days=4, seconds=1)
    engine.tick()
    told: list[str] = []
    assert engine.deliver(lambda record: told.append(record.case), case="M-2") == 1
    assert told == ["M-2"] and [record.case for record in engine.outbox(open_only=True)] == ["M-1"]
    engine.cancel(second, "enough")
    hands.now += dt.timedelta(days=1)
    gone = engine.prune(hands.now)
    assert (gone.requests, gone.outbox) == (1, 1)
    assert [record.case for record in engine.outbox()] == ["M-1"] and engine.instance(first).state == "active"
    with pytest.raises(switchboard.SwitchboardError, match="SB0551"):
        engine.prune(hands.now + dt.timedelta(days=1))


def test_the_same_request_twice_is_one_case(engine: switchboard.Engine) -> None:
    first = start(engine, request_id="r-1")
    assert start(engine, request_id="r-1") == first
    assert len(engine.instances()) == 1


def test_a_file_keeps_cases(tmp_path: Path) -> None:
    with switchboard.open(tmp_path / "cases.db") as engine:
        engine.deploy(METER_CHECK)
        case = start(engine)
    with switchboard.open(tmp_path / "cases.db", create=False) as engine:
        assert engine.instance(case.instance) == case


def test_cancel(engine: switchboard.Engine) -> None:
    assert engine.cancel(start(engine), "customer withdrew", by="li").state == "cancelled"


def test_fetch(engine: switchboard.Engine, hands: Hands) -> None:
    assert engine.fetch("a", ["book-visit"]) == []
    start(engine)
    [a] = engine.fetch("a", ["book-visit"], 5, lease=dt.timedelta(minutes=1))
    assert (a.assignee, a.attempt, a.token, a.lease_until) == ("a", 1, 1, hands.now + dt.timedelta(minutes=1))
    assert engine.fetch("a", ["book-visit"]) == []
    assert engine.extend(a, 120, token=a.token, by="a").lease_until == hands.now + dt.timedelta(minutes=2)
    hands.now += dt.timedelta(minutes=2)
    [b] = engine.fetch("b", ["book-visit"])
    with pytest.raises(switchboard.SwitchboardError) as late:
        engine.complete(a, {"visit": "Monday"}, by="a", token=a.token)
    assert late.value.id == "SB0511"
    engine.fail(b, "busy", retries=9, retry_at=hands.now + dt.timedelta(hours=1), by="b", token=b.token)
    hands.now += dt.timedelta(hours=1)
    engine.tick()
    [again] = engine.fetch("b", ["book-visit"])
    assert again.retries == 9
    engine.release(again, "b", token=again.token)
    assert engine.wait(10, topics=["book-visit"])
    assert not engine.wait(0, outbox=True)
    for wrong in (lambda: engine.fetch("", ["x"]), lambda: engine.fetch("a", "x"), lambda: engine.extend(a, "x", token=1)):  # type: ignore[arg-type]
        with pytest.raises(switchboard.UsageError):
            wrong()


def test_the_loop_of_a_worker(engine: switchboard.Engine) -> None:
    done: list[str] = []

    def work() -> None:
        for job in engine.jobs("loop", "book-visit", wait=30):
            engine.complete(job, {"visit": "Monday"}, by="loop", token=job.token)
            done.append(job.work)

    thread = threading.Thread(target=work)
    thread.start()
    start(engine)
    while not done:
        thread.join(0.01)
    engine.close()  # wakes it
    thread.join(20)
    assert not thread.is_alive()


def test_listener(engine: switchboard.Engine, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[str, int]] = []

    @engine.listen
    def listener(case: switchboard.CaseInfo, entries: list[switchboard.HistoryInfo]) -> None:
        heard.append((case.case, len(entries)))
        raise RuntimeError("a listener may fail")

    case = start(engine)
    assert heard and heard[0][0] == case.case
    assert "a listener may fail" in caplog.text
    engine.unlisten(listener)
    heard.clear()
    start(engine)
    assert heard == []


PROMISE = """
switchboard: 1
process: promise
nodes:
  begin: {type: startEvent, next: ask}
  ask: {type: userTask, next: e}
  e: {type: endEvent}
sla:
  answer: {start: {process: started}, within: 4 h}
"""

TALK = """
switchboard: 1
process: talk
nodes:
  begin: {type: startEvent, next: [hear, watch, ask]}
  hear: {type: intermediateCatchEvent, message: answer, next: heard}
  heard: {type: endEvent}
  watch: {type: intermediateCatchEvent, signal: storm, next: seen}
  seen: {type: endEvent}
  ask: {type: serviceTask, job: ask, retries: 2, backoff: 1 min, next: asked}
  asked: {type: endEvent}
"""


def test_messages_signals_and_failures_from_outside(engine: switchboard.Engine, hands: Hands) -> None:
    engine.deploy(TALK, "talk.yaml")
    case = engine.start("talk", case="T-1")
    assert sorted(case.at) == ["ask", "hear", "watch"]
    assert sorted(engine.message("answer", "T-1", request_id="m-1").at) == ["ask", "watch"]
    with pytest.raises(switchboard.NotFoundError):
        engine.message("answer", "T-1")
    again = engine.start("talk", case="T-2")
    assert sorted(engine.message_to_case("answer", again.case, by="li").at) == ["ask", "watch"]
    engine.cancel(again, "a test")
    assert engine.signal("storm") == 1 and engine.signal("storm") == 0
    [work] = engine.work(case="T-1")
    engine.fail(work, "the line is busy", by="li")
    assert "the line is busy" in history_text(engine, case)
    assert engine.rederive(case, "the calendar of 2027 is out").at == ["ask"]


def test_an_operator_changes_a_clock(engine: switchboard.Engine) -> None:
    engine.deploy(PROMISE, "promise.yaml")
    case = engine.start("promise", case="P-1")
    [before] = engine.clocks(case="P-1")
    assert before.changes is None
    done = engine.change_clock(case, "answer", "extend", "2 h", reason="the line is down", by="li", request_id="x-1")
    assert engine.change_clock(case, "answer", "extend", "2 h", reason="the line is down", by="li", request_id="x-1") == done
    [after] = engine.clocks(case="P-1")
    assert after.due == before.due + dt.timedelta(hours=2) and after.original_due == before.due
    [change] = after.changes
    assert (change["change"], change["amount"], change["by"], change["reason"]) == ("extend", "2 h", "li", "the line is down")
    engine.change_clock(case, "answer", "pause", reason="a", by="li")
    assert engine.clocks(case="P-1")[0].state == "paused"
    engine.change_clock(case, "answer", "resume", reason="b", by="li")
    engine.change_clock(case, "answer", "void", reason="c", by="li")
    [gone] = engine.clocks(case="P-1")
    assert gone.state == "cancelled" and [c["change"] for c in gone.changes] == ["extend", "pause", "resume", "void"]
    with pytest.raises(switchboard.SwitchboardError, match="SB0513"):
        engine.change_clock(case, "answer", "void", reason="c", by="li")
    with pytest.raises(switchboard.SwitchboardError, match="SB1104"):
        engine.change_clock(case, "answer", "stop", reason="c", by="li")  # type: ignore[arg-type]


VISIT = """
switchboard: 1
process: visit
data: {finished: boolean}
nodes:
  begin: {type: startEvent, next: look-around}
  look-around:
    type: adHocSubProcess
    completionCondition: finished
    next: done
    nodes:
      look: {type: userTask, form: [finished]}
  done: {type: endEvent}
"""


def test_an_activity_begins_once_more(engine: switchboard.Engine) -> None:
    engine.deploy(VISIT, "visit.yaml")
    case = engine.start("visit", case="V-1")
    engine.complete(engine.work(case="V-1")[0], {"finished": False})
    assert engine.work(case="V-1") == []
    again = engine.begin_activity(case, "look", by="li", request_id="b-1")
    assert engine.begin_activity(case, "look", by="li", request_id="b-1") == again
    [work] = engine.work(case="V-1")
    with pytest.raises(switchboard.SwitchboardError, match="SB0504"):
        engine.begin_activity(case, "measure")
    engine.complete(work, {"finished": True})
    assert engine.instance(case.instance).state == "completed"


# ---- workers that go wrong


def history_text(engine: switchboard.Engine, case: switchboard.CaseInfo) -> str:
    return str([(entry.event, entry.details) for entry in engine.history(case)])


def test_an_exception_in_a_worker_is_a_failure_of_the_job(engine: switchboard.Engine, caplog: pytest.LogCaptureFixture) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> None:
        raise ValueError("no car is free")

    case = start(engine)
    assert engine.work_off() == 1
    assert "ValueError: no car is free" in history_text(engine, case)
    assert "Traceback" in caplog.text and "no car is free" in caplog.text


def test_an_exhausted_job_is_an_incident_that_can_be_resolved(engine: switchboard.Engine, hands: Hands, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "switchboard")
    cars = 0

    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> dict[str, str]:
        if cars == 0:
            raise ValueError("no car is free")
        return {"visit": "Monday"}

    case = start(engine)
    for _ in range(5):
        engine.work_off()
        hands.now += dt.timedelta(hours=1)
        engine.tick()
    [incident] = engine.incidents()
    assert incident.case == case.case and incident.node == "book" and "no car" in incident.message
    cars = 1
    engine.resolve(incident)
    assert engine.work_off("book-visit") == 1
    assert engine.incidents() == [] and engine.instance(case.instance).at == ["test"]


EARLY = """switchboard: 1
process: early
calendar: 24x7@UTC
messages: {paid: {payload: {n: number}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: u}
  u: {type: userTask, groups: [crew], form: [], next: w}
  w: {type: intermediateCatchEvent, message: paid, out: {}, next: e}
  e: {type: endEvent}
"""


def test_a_message_that_comes_early_is_kept(engine: switchboard.Engine, hands: Hands) -> None:
    engine.deploy(EARLY, "early.yaml")
    answer = engine.message("paid", "C-1", {"n": 3}, request_id="pay-1")
    assert answer.kept_until == hands.now + dt.timedelta(hours=2) and answer.instance == ""
    [kept] = engine.messages(key="C-1", open_only=True)
    assert (kept.message, kept.name, kept.key, kept.state, kept.ends) == ("m-1", "paid", "C-1", "waiting", "incident")
    assert kept.request_id == "pay-1" and kept.payload == {"n": 3} and kept.instance is None
    hands.now += dt.timedelta(hours=3)
    assert engine.tick().kept == 1
    [incident] = engine.incidents()
    assert incident.incident == "m-1" and incident.rule == "SB0518"
    engine.drop("m-1", "sent twice")
    assert engine.messages(state="dropped")[0].message == "m-1" and engine.incidents() == []


def test_a_bpmn_error_from_a_worker(engine: switchboard.Engine) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> None:
        raise switchboard.BpmnError("no-access", "nobody at home")

    case = start(engine)
    engine.work_off()
    assert "no-access" in history_text(engine, case)


def test_a_result_that_is_no_json_is_a_failure_of_the_job(engine: switchboard.Engine) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> dict[str, object]:
        return {"visit": object()}

    case = start(engine)
    engine.work_off()
    assert "has no JSON form" in history_text(engine, case)


def test_an_interrupt_in_a_worker_comes_out(engine: switchboard.Engine) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> None:
        raise KeyboardInterrupt

    start(engine)
    untouched = start(engine)
    with pytest.raises(KeyboardInterrupt):
        engine.work_off()
    assert engine.work(instance=untouched.instance)[0].state == "offered"


def test_an_interrupt_in_an_adapter_stops_the_rest(engine: switchboard.Engine, hands: Hands) -> None:
    start(engine, case="M-1")
    start(engine, case="M-2")
    engine.worker("book-visit")(lambda job: {"visit": "soon"})
    engine.work_off()
    hands.now += dt.timedelta(hours=200)
    engine.tick()
    waiting = len(engine.outbox(open_only=True))
    assert waiting > 1
    told: list[str] = []

    def adapter(record: switchboard.OutboxInfo) -> None:
        told.append(record.key)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.deliver(adapter)
    assert len(told) == 1
    assert len(engine.outbox(open_only=True)) == waiting
    assert [record.attempts for record in engine.outbox(open_only=True)].count(0) == waiting - 1


def test_a_record_that_cannot_be_told_is_an_incident(engine: switchboard.Engine, hands: Hands) -> None:
    engine.worker("book-visit")(lambda job: {"visit": "soon"})
    start(engine, case="M-1")
    engine.work_off()
    hands.now += dt.timedelta(days=4, seconds=1)
    engine.tick()

    def refuse(record: switchboard.OutboxInfo) -> None:
        raise ConnectionError("no such number")

    assert engine.deliver(refuse, attempts=2, back_off=dt.timedelta(seconds=5), longest_back_off=7, lease=9) == 0
    [record] = engine.outbox(open_only=True)
    assert record.next_try == hands.now + dt.timedelta(seconds=5) and record.lease_until is None
    hands.now += dt.timedelta(seconds=5)
    assert engine.deliver(refuse, attempts=2) == 0
    [incident] = engine.incidents()
    assert (incident.incident, incident.case, incident.rule) == (f"o-{record.id}", "M-1", "SB0562")
    assert engine.resolve(incident, by="li").case == "M-1"
    assert engine.incidents() == [] and engine.outbox()[0].attempts == 0
    assert engine.deliver(refuse, attempts=1) == 0
    assert engine.drop(incident, "moved away", by="li").case == "M-1"
    [dropped] = engine.outbox(state="dropped")
    assert dropped.given_up == hands.now and (dropped.error or "").startswith("dropped by li: moved away")
    assert engine.check() == []


@pytest.mark.parametrize("code", [5, "zero\0byte", None])
def test_a_bpmn_error_that_cannot_be_told_fails_the_job(engine: switchboard.Engine, caplog: pytest.LogCaptureFixture, code: Any) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> None:
        raise switchboard.BpmnError(code)

    case = start(engine)
    assert engine.work_off() >= 1
    assert "cannot be told" in caplog.text
    assert any(entry.event == "work-failed" for entry in engine.history(case))


def test_work_off_without_worker(engine: switchboard.Engine) -> None:
    with pytest.raises(LookupError, match="book-visit"):
        engine.work_off("book-visit")


# ---- refusals


def test_each_kind_of_refusal_is_an_exception_of_its_own(engine: switchboard.Engine, tmp_path: Path) -> None:
    with pytest.raises(switchboard.NotFoundError) as not_found:
        engine.start("meter-chek")
    assert not_found.value.id.startswith("SB05") and "meter-chek" in str(not_found.value) and isinstance(not_found.value, switchboard.SwitchboardError)
    with pytest.raises((switchboard.InvalidError, switchboard.RejectedError), match="customer_no"):
        engine.start("meter-check", {})
    with pytest.raises(switchboard.InvalidError) as invalid:
        engine.deploy("switchboard: 1\nprocess: x\nnods: {}\n", "x.yaml")
    assert "x.yaml:3" in str(invalid.value)
    start(engine, case="M-1")
    with pytest.raises(switchboard.ConflictError):
        start(engine, case="M-1")
    case = start(engine)
    engine.cancel(case, "test")
    with pytest.raises(switchboard.RejectedError):
        engine.cancel(case, "again")
    with pytest.raises(switchboard.StorageError):
        switchboard.open(tmp_path / "nowhere" / "x.db")
    with pytest.raises(switchboard.UsageError, match="Asia/Shanghia"):
        switchboard.open(zone="Asia/Shanghia")


def test_a_closed_engine(tmp_path: Path) -> None:
    engine = switchboard.open()
    engine.close()
    engine.close()
    with pytest.raises(switchboard.UsageError, match="closed") as closed:
        engine.tick()
    assert closed.value.id == "SB1101"


def test_errors_can_be_pickled(engine: switchboard.Engine) -> None:
    with pytest.raises(switchboard.NotFoundError) as refused:
        engine.instance("i-99")
    again = pickle.loads(pickle.dumps(refused.value))
    assert type(again) is switchboard.NotFoundError and again.id == refused.value.id and str(again) == str(refused.value)


@pytest.mark.parametrize(
    ("data", "error"),
    [({"customer_no": object()}, TypeError), ({"customer_no": float("nan")}, ValueError), ({"customer_no": Decimal("NaN")}, ValueError)],
)
def test_data_that_is_no_json(engine: switchboard.Engine, data: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        engine.start("meter-check", data)


def test_texts_that_c_would_cut_short(engine: switchboard.Engine) -> None:
    with pytest.raises(switchboard.UsageError, match="'instance' must be a text without a zero byte") as refused:
        engine.instance("i-1\0")
    assert refused.value.id == "SB1104" and refused.value.place == "instance"


@pytest.mark.parametrize("number", [-1, 2**64, 2**63, 1.5, True, "3", None])
def test_numbers_that_c_would_change(engine: switchboard.Engine, number: Any) -> None:
    case = start(engine)
    engine.worker("book-visit")(lambda job: {"visit": "soon"})
    for call in (
        lambda: engine.tick(number),
        lambda: engine.work_off(limit=number),
        lambda: engine.deliver(lambda record: None, number),
        lambda: engine.history(case, after=number),
        lambda: engine.history(case, limit=number),
    ):
        with pytest.raises(switchboard.UsageError, match="SB1104"):
            call()
    assert engine.work(instance=case.instance)[0].state == "offered"
    if number not in (True, None):
        with pytest.raises(switchboard.UsageError, match="SB1104"):
            engine.instances(after=number)


def test_things_that_are_no_texts(engine: switchboard.Engine) -> None:
    nothing: Any = None
    for call in (
        lambda: engine.deploy(nothing),
        lambda: engine.instance(nothing),
        lambda: engine.complete(nothing),
        lambda: engine.start(nothing),
        lambda: engine.claim("i-1.2", nothing),
        lambda: engine.message("x", nothing),
        lambda: engine.instance("\ud800"),
        lambda: switchboard.open(5),  # type: ignore[arg-type]
        lambda: switchboard.simulate(nothing),
    ):
        with pytest.raises(switchboard.UsageError, match="SB1104"):
            call()


def test_paths_that_name_no_database(tmp_path: Path) -> None:
    with pytest.raises(switchboard.UsageError, match="leave it out for an engine in memory"):
        switchboard.open("")
    with pytest.raises(switchboard.InvalidError, match="zero byte") as cut:
        switchboard.open(str(tmp_path / "dd\0ev"))
    assert cut.value.id == "SB0604" and not (tmp_path / "dd").exists()
    with pytest.raises(switchboard.NotFoundError, match="nowhere"):
        switchboard.open(processes=tmp_path / "nowhere")
    with pytest.raises(switchboard.UsageError, match="SB0554"):
        switchboard.open(language="fr")


def test_processes_that_call_each_other_are_deployed_together(engine: switchboard.Engine, tmp_path: Path) -> None:
    text = "switchboard: 1\nprocess: {}\nnodes:\n  s: {{type: startEvent, next: c}}\n  c: {{type: callActivity, process: {}, next: e}}\n  e: {{type: endEvent}}\n"
    (tmp_path / "b.yaml").write_text(text.format("b", "a"))
    assert [d.process for d in engine.deploy_together([text.format("a", "b"), tmp_path / "b.yaml"])] == ["a", "b"]
    with pytest.raises(switchboard.SwitchboardError):
        engine.deploy_together([text.format("c", "d"), "switchboard: 1\nprocess: d\n"])
    assert [d.process for d in engine.deployments()] == ["a", "b", "meter-check"]


def test_a_path_may_be_a_text(engine: switchboard.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine.deploy(str(METER_CHECK)).process == "meter-check"
    for missing in ("nowhere.yaml", Path("nowhere.yaml"), "/x/nowhere.yml"):
        for call in (engine.deploy, engine.add_resource, switchboard.simulate):
            with pytest.raises(switchboard.NotFoundError, match="nowhere.ya?ml: there is no such file") as refused:
                call(missing)
            assert refused.value.id == "SB0100"
    (tmp_path / "without-ending").write_text(METER_CHECK.read_text())
    monkeypatch.chdir(tmp_path)
    assert engine.deploy("without-ending").process == "meter-check"
    with pytest.raises(switchboard.InvalidError):
        engine.deploy("one line that is no file")


def test_all_mistakes_of_a_file_are_there(engine: switchboard.Engine) -> None:
    with pytest.raises(switchboard.InvalidError) as wrong:
        engine.deploy("switchboard: 1\nprocess: x\nnods: {}\ndatta: {}\n", "x.yaml")
    error = wrong.value
    assert error.place.startswith("x.yaml:3:") and "\n" not in str(error) + error.hint + error.message
    first, last = error.findings[0], error.findings[-1]
    assert len(error.findings) > 1 and (first.rule, first.message) == (error.id, error.message)
    assert (last.file, last.line, last.severity) == ("x.yaml", 4, "error") and "x.yaml:4:" in str(last)
    with pytest.raises(switchboard.InvalidError) as calendar:
        engine.add_resource("switchboard: 1\ncalendar: odd\nzone: Nowhere\nweek: {mon: 9-5}\nhollidays: []\n", "odd.yaml")
    assert calendar.value.place.startswith("odd.yaml:") and len(calendar.value.findings) > 1
    with pytest.raises(switchboard.InvalidError) as scenario:
        switchboard.simulate("switchboard: 1\nscenario: x\narrivals: {queue: {rate: -1 per h}}\nresources: {a: 0}\n")
    assert "\n" not in str(scenario.value) + scenario.value.hint and len(scenario.value.findings) == 2


def test_what_check_refuses_is_not_deployed(tmp_path: Path) -> None:
    child = (
        "switchboard: 1\nprocess: child\ndata:\n  subject: {type: string, required: true}\n"
        "nodes:\n  begin: {type: startEvent, next: done}\n  done: {type: endEvent}\n"
    )
    parent = (
        "switchboard: 1\nprocess: parent\nnodes:\n  begin: {type: startEvent, next: ask}\n"
        "  ask: {type: callActivity, process: child, next: done}\n  done: {type: endEvent}\n"
    )
    table = (
        "switchboard: 1\ndecision: limits\nparameters: {area: string}\nhit: unique\noutputs:\n  - {name: within, type: string}\n"
        "rules:\n  - {when: ['-'], then: ['\"45 min\"']}\n  - {when: ['\"urban\"'], then: ['\"30 min\"']}\n"
    )
    for name, yaml in (("child", child), ("parent", parent), ("limits", table)):
        (tmp_path / f"{name}.yaml").write_text(yaml)
    with switchboard.open() as engine:
        engine.deploy(child, "child.yaml")
        with pytest.raises(switchboard.InvalidError) as refused:
            engine.deploy(parent, "parent.yaml")
    (finding,) = refused.value.findings
    assert (refused.value.id, finding.rule, finding.element, finding.line) == ("SB0461", "SB0461", "ask", 5)
    checked = {f.rule: f for f in switchboard.check_files(tmp_path)}
    assert checked["SB0461"].element == "ask" and checked["SB0830"].severity == "warning"
    assert checked["SB0830"].subject == switchboard.Subject("decision", "limits", False)
    (nobody,) = [f for f in switchboard.check_files(tmp_path / "nowhere.yaml")]
    assert nobody.rule == "SB0703"


def test_instants_in_histories_are_in_the_zone_of_the_engine(hands: Hands) -> None:
    with switchboard.open(clock=hands, zone="UTC") as engine:
        engine.deploy(METER_CHECK)
        entries = engine.history(start(engine))
        due = [entry.details["due"] for entry in entries if "due" in entry.details]
        assert due and all(text.endswith("Z") or text.endswith("+00:00") for text in due)


def test_records_have_what_the_engine_says(engine: switchboard.Engine) -> None:
    start(engine)
    clock = engine.clocks()[0]
    assert clock.elapsed_unit in ("bd", "bh", "h") and clock.elapsed_business == 0 and clock.stage
    report = engine.tick()
    assert report.damaged == 0 and report.put_off == 0


def test_a_clock_that_fails_while_a_job_is_done(engine: switchboard.Engine, hands: Hands) -> None:
    @engine.worker("book-visit")
    def book(job: switchboard.Job) -> dict[str, str]:
        hands.broken = OSError("the time server is gone")
        return {"visit": "Monday"}

    case = start(engine)
    with pytest.raises(OSError, match="time server"):
        engine.work_off()
    hands.broken = None
    assert [work.state for work in engine.work(instance=case.instance, topic="book-visit")] == ["offered"]
    assert engine.check() == []


def test_naive_datetimes(engine: switchboard.Engine, hands: Hands) -> None:
    with pytest.raises(ValueError, match="time zone"):
        engine.work(due_before=dt.datetime(2026, 3, 2))
    hands.now = dt.datetime(2026, 3, 2)
    with pytest.raises(ValueError, match="time zone"):
        start(engine)


def test_a_clock_that_fails(engine: switchboard.Engine, hands: Hands) -> None:
    hands.broken = OSError("the time server is gone")
    with pytest.raises(OSError, match="time server"):
        start(engine)
    hands.broken = None
    assert engine.instances() == []
    start(engine)


# ---- values


TYPES = """
switchboard: 1
process: types
data: {n: number, s: string, d: date, t: date-time, span: duration, l: list, c: context, b: boolean}
nodes:
  begin: {type: startEvent, next: wait}
  wait: {type: userTask, groups: [x], next: done}
  done: {type: endEvent}
"""


def test_values_go_in_and_come_out(engine: switchboard.Engine) -> None:
    engine.deploy(TYPES, "types.yaml")
    data = {
        "n": Decimal("0.30"), "s": "电 \0 \"x\" 🔌", "d": dt.date(2026, 3, 2), "t": START, "span": dt.timedelta(hours=1, microseconds=1),
        "l": [1, Decimal("2.5"), (True, None)], "c": {"a": {"b": 10**30}}, "b": True,
    }  # fmt: skip
    read = engine.data(engine.start("types", data))
    assert read["n"] == Decimal("0.3") and read["s"] == data["s"] and read["b"] is True
    assert read["d"] == "2026-03-02" and read["t"] == "2026-03-02T09:00:00+08:00"
    assert read["l"] == [1, Decimal("2.5"), [True, None]] and read["c"] == {"a": {"b": 10**30}}
    assert read["span"].startswith("PT1H")


# ---- threads


CUSTOMER = """switchboard: 1
register: customer
key: customer_no
fields: {customer_no: string, name: {type: string, required: true}, debt: number}
"""

ASKS = """switchboard: 1
process: asks
calendar: 24x7@Asia/Shanghai
data: {customer_no: string, debt: number, is_known: boolean}
nodes:
  s: {type: startEvent, next: look}
  look: {type: serviceTask, register: {read: customer, key: customer_no}, out: {debt: debt, is_known: found}, next: rest}
  rest: {type: userTask, form: [], next: e}
  e: {type: endEvent}
"""


def test_registers(engine: switchboard.Engine) -> None:
    engine.add_resource(CUSTOMER)
    engine.deploy(ASKS)
    row = engine.put_row("customer", "1", {"name": "Li", "debt": 5}, by="wang")
    assert (row.version, row.fields["debt"], row.by, row.at) == (1, 5, "wang", START)
    report = engine.import_rows("customer", [{"customer_no": "2", "name": "B"}, {"customer_no": "3"}])
    assert (report.written, report.refused) == (1, 1) and report.errors[0].startswith("row 2: ")
    assert [r.key for r in engine.rows("customer")] == ["1", "2"]
    assert [r.version for r in engine.row_history("customer", "1")] == [1]
    with pytest.raises(switchboard.NotFoundError) as none:
        engine.row("customer", "9")
    assert none.value.id == "SB0584"

    def source(register_id: str, key: str) -> Any:
        if key == "down":
            raise RuntimeError("the line is cut")
        return {"1": NotImplemented, "gone": None}.get(key, {"name": "Foreign", "debt": 99})

    engine.set_register_source(source)
    for key, debt, known in (("1", 5, True), ("gone", None, False), ("x", 99, True)):
        case = engine.start("asks", {"customer_no": key})
        data = engine.data(case)
        assert (data["debt"], data["is_known"]) == (debt, known)
    case = engine.start("asks", {"customer_no": "down"})
    [incident] = engine.incidents(case=case.case)
    assert incident.rule == "SB0583" and "the line is cut" in incident.message
    engine.set_register_source(None)
    engine.resolve(incident)
    assert engine.data(case)["is_known"] is False


def test_the_interpreter_runs_on_while_the_engine_works(engine: switchboard.Engine) -> None:
    """Two threads meet inside two workers: with the interpreter lock held by one call into C, neither would ever come."""
    meeting = threading.Barrier(2, timeout=30)
    other = switchboard.open()
    other.deploy(METER_CHECK)
    met: list[int] = []

    def run(one: switchboard.Engine) -> None:
        @one.worker("book-visit")
        def book(job: switchboard.Job) -> dict[str, str]:
            met.append(meeting.wait())
            return {"visit": "Monday"}

        start(one)
        one.work_off()

    threads = [threading.Thread(target=run, args=(one,)) for one in (engine, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(met) == [0, 1]


def test_many_threads_on_one_engine(engine: switchboard.Engine) -> None:
    def run() -> None:
        for _ in range(10):
            start(engine)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engine.instances()) == 40 and engine.check() == []


# ---- simulation


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    (tmp_path / "queue.yaml").write_text(
        "switchboard: 1\nprocess: queue\nnodes:\n  arrive: {type: startEvent, next: serve}\n"
        "  serve: {type: userTask, groups: [clerk], next: leave}\n  leave: {type: endEvent}\n"
    )
    scenario = tmp_path / "queue.scenario.yaml"
    scenario.write_text(
        "switchboard: 1\nscenario: queue\ncases: 2000\narrivals: {queue: {rate: 24 per h}}\nresources: {clerk: 3}\n"
        "activities: {serve: {duration: {exponential: 6 min}}}\n"
    )
    return scenario


def test_simulate(queue: Path) -> None:
    shares: list[float] = []
    result = switchboard.simulate(queue, processes=ROOT / "processes", seed=7, progress=shares.append)
    assert result["overall"]["cases"] == 2000 and result["seed"] == 7
    assert 0.7 < result["overall"]["resources"]["clerk"]["utilisation"] < 0.9
    assert shares and shares[-1] == 1
    again = switchboard.simulate(queue, processes=ROOT / "processes", seed=7)
    assert again["overall"]["cycle_time"] == result["overall"]["cycle_time"]


def test_an_interrupt_in_a_progress_function_comes_out(queue: Path) -> None:
    shares: list[float] = []

    def progress(share: float) -> None:
        shares.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        switchboard.simulate(queue, processes=ROOT / "processes", seed=7, progress=progress)
    assert len(shares) == 1


def test_a_scenario_that_says_something_wrong() -> None:
    with pytest.raises(switchboard.InvalidError) as wrong:
        switchboard.simulate("switchboard: 1\nscenario: x\narrivals: {queue: {rate: -1 per h}}\n", processes=ROOT / "processes")
    assert wrong.value.id.startswith("SB10") and "3:" in wrong.value.place
    with pytest.raises(switchboard.SwitchboardError):
        switchboard.simulate(Path("/nowhere/x.scenario.yaml"))
