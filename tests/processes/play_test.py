#!/usr/bin/env python3
"""Plays every shipped process by chance and looks at what customers are told and which promises count as kept.

usage: play_test.py SWITCHBOARD [PROCESSES [CASES [PROCESS...]]]

`check` sees the processes as they are written; this sees what comes of them when people leave fields empty, customers withdraw and timers run out:
  * no promise is met by an empty result: what shows that it was kept (KEPT_BY) is there, and was given since the promise began;
  * no text has a raw placeholder, a hole, a machine's date or duration, or two languages;
  * no promise is open when its case ends, and none runs while nobody has anything to do about it;
  * nothing is said that has not happened (SAID).
Every clock and every feedback of a process has an entry below, so that a new one is thought about. Each process is played as it is, and with the odds at its gates
leaned (LEAN), since by pure chance nearly every application is refused at its first form and what lies behind is never seen.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROCESSES = ["arrears", "callback", "capacity-increase", "change-of-use", "complaint", "inspection", "inspection-plan", "new-connection", "outage-notice", "repair"]


# ---- What has to be there when a promise is met. `given(name)`: what was written last that is not empty, since the promise began; else None. --------

def has(*names):
    return lambda case, given: any(not empty(given(name)) for name in names)


def done(*nodes):
    return lambda case, given: any(case.done_at.get(node, -1) >= case.begun for node in nodes)


def nothing(case, given):
    """Internal, and met by the step itself."""
    return True


def checked(verdict):
    """A check has its verdict, and what is wrong when it was not passed."""
    return lambda case, given: case.data.get(verdict) is True or not empty(case.data.get("defects"))


KEPT_BY = {
    "arrears": {
        "reconnect": done("reconnect-remote", "reconnect-field"),
        "objection-decided": lambda case, given: case.data.get("objection_holds") is not None,
    },
    "callback": {"first-attempt": has("outcome"), "callback-due": has("outcome")},
    "change-of-use": {"change": has("reading", "contract_no"), "refit": has("reading")},
    "complaint": {
        "contact": has("contact_note"),
        "answer": lambda case, given: case.data.get("anonymous") or not empty(given("answer_text")),
        "service": has("visit_note", "findings"),
        "channel-close": lambda case, given: case.data.get("channel") not in ("12398", "12345") or not empty(given("body_receipt")),
        "dispatch-limit": lambda case, given: not empty(case.data.get("unit")),
        "major-review": nothing,
        "accept-limit": nothing,
        "unit-contact": has("contact_note"),
        "unit-answer": lambda case, given: not empty(given("answer_text")),
        "service-return": lambda case, given: not empty(given("answer_text")),
    },
    "inspection": {
        "reconnect": done("reconnect"),                # its form asks for the reading
        "objection": lambda case, given: case.data.get("ruling") is not None,
        "put-back": done("put-back"),
    },
    "new-connection": {
        "plan-reply": has("plan_no"),
        "design-review": checked("design_ok"),
        "mid-check": checked("mid_check_ok"),
        "inspection": checked("inspection_ok"),
        "connect": has("meter_no"),
        "stage-sum": has("meter_no"),
        "whole-resident": has("meter_no"),
        "whole-lv": has("meter_no"),
        "survey-limit": nothing,
        "permit": nothing,
        "kpi-plan-reply": has("plan_no"),
        "kpi-design-review": checked("design_ok"),
        "kpi-mid-check": checked("mid_check_ok"),
        "kpi-inspection": checked("inspection_ok"),
        "kpi-connect": has("meter_no"),
    },
    "outage-notice": {
        "notice": lambda case, given: not empty(given("published_at")) and (case.data.get("none_affected") or not empty(case.data.get("affected"))),
        "entry": lambda case, given: not empty(given("published_at")),
        "important-told": lambda case, given: len(case.data.get("receipts") or []) == len(case.data.get("important") or []),
        "change-told": nothing,
        "as-told": lambda case, given: not empty(case.data.get("actual_until")),
    },
    "repair": {
        "arrival": lambda case, given: not empty(case.data.get("crew")) or case.data.get("outage_state") == "restored",
        "arrival-important": lambda case, given: not empty(case.data.get("crew")) or case.data.get("outage_state") == "restored",
        "arrival-mean": lambda case, given: not empty(case.data.get("crew")) or case.data.get("outage_state") == "restored",
        "restoration-mean": has("handling"),
        "restore-limit": has("handling"),
        "dispatch-limit": nothing,
        "accept-limit": nothing,
        "site-feedback": has("estimated_restoration"),
        "return-limit": lambda case, given: not empty(case.data.get("handling")),
    },
}


# ---- What must have happened when something is said. -------------------------------------------------------------------------------------------

def always(case, text):
    """Said by the step that it tells of."""
    return True


def breached(*clocks):
    return lambda case, text: any(clock in case.breached for clock in clocks)


def heard(message):
    return lambda case, text: message in case.messages


def holds(*names):
    return lambda case, text: all(not empty(case.data.get(name)) for name in names)


def is_so(name, *values):
    return lambda case, text: case.data.get(name) in values


def in_its_year(name):
    """A date of another year is said with its year: a period may be two years long."""
    def said(case, text):
        until = case.data[name]
        year = until[:4] if until[5:16] != "01-01T00:00" else str(int(until[:4]) - 1)
        return year == case.at[:4] or year in text
    return said


SAID = {
    "arrears": {
        "dunning": lambda case, text: case.data.get("debt", 0) > 0,
        "cut-notice": holds("delivered_at", "receipt_no", "notice_until"),
        "cut-soon": lambda case, text: case.data.get("debt", 0) > 0 and not case.data.get("was_cut"),
        "supply-cut": is_so("was_cut", True),
        "objection-decided-told": heard("objection-raised"),
        "plan-agreed-told": lambda case, text: heard("plan-agreed")(case, text) and case.data.get("debt", 0) > 0 and in_its_year("plan_until")(case, text),
        "plan-lost-told": lambda case, text: case.data.get("debt", 0) > 0,
        "to-closure-told": is_so("was_cut", True),
        "paid-told": lambda case, text: case.data.get("debt") == 0,
        "is-back": is_so("was_cut", False),
        "reconnect-delayed": breached("reconnect"),
    },
    "callback": {
        "could-not-reach-you": lambda case, text: case.data.get("outcome") == "unreachable" and case.data.get("attempts") == case.data.get("max_attempts"),
        "taken-up-again": lambda case, text: case.data.get("outcome") == "dissatisfied" and case.data.get("rehandle") is True,     # and the caller does: see Case.follow
        "to-the-supervisor": lambda case, text: case.data.get("outcome") == "dissatisfied" and case.data.get("rehandle") is True,
    },
    "capacity-increase": {"bills-open": lambda case, text: case.data.get("debt", 0) > 0, "not-accepted": holds("refusal"), "withdrawal-confirmed": heard("application-withdrawn")},
    "change-of-use": {
        "admitted": lambda case, text: empty(case.data.get("refusal")),
        "bills-open": lambda case, text: case.data.get("debt", 0) > 0,
        "not-carried-out": holds("refusal"),
        "in-effect-now": lambda case, text: in_its_year("period_until")(case, text) and (case.data.get("family") != "pause" or case.data.get("done_on_site")),
        "extension-done": lambda case, text: heard("extension-requested")(case, text) and in_its_year("period_until")(case, text),
        "goes-on-by-itself": lambda case, text: case.data.get("extended_by_rule") is True and in_its_year("period_until")(case, text),
        "end-reminder": lambda case, text: case.at < case.data["period_until"] and in_its_year("period_until")(case, text),
        "closure-warning": is_so("ended_by", "billing-restarted"),
        "final-bill-open": holds("reading", "final_bill"),
        "no-extension": heard("extension-requested"),
        "billing-restarted": lambda case, text: case.at >= case.data["period_until"],
        "became-permanent": lambda case, text: case.data.get("permanent") is True and case.at >= case.data["latest"],
        "closure-announced": lambda case, text: not case.data.get("use_resumed"),
        "account-closed": lambda case, text: not empty(case.data.get("reading")) and not empty(case.data.get("final_bill")),
        "restored": lambda case, text: not empty(case.data.get("reading")) and ("变压器" not in text or case.data.get("kind") == "larger-transformer")
                    and ("基本电费" not in text or case.data.get("charge") == "lowered"),
        "change-delayed": breached("change", "refit"),
        "withdrawal-refused": heard("change-withdrawn"),
        "withdrawal-confirmed": lambda case, text: heard("change-withdrawn")(case, text) and not case.data.get("done_on_site"),
    },
    "complaint": {
        "demand-accepted": lambda case, text: not case.data.get("answered_at_once"),
        "answered-on-call": lambda case, text: case.data.get("answered_at_once") is True and not empty(case.data.get("answer_text")),
        "class-corrected": lambda case, text: "reclassify" in case.done,
        "promise-renewed": lambda case, text: case.data.get("rounds", 0) > 0,
        "contact-delayed": breached("contact"),
        "answer-delayed": breached("answer", "service"),
        "service-delayed": breached("service"),
        "chase-up-taken": heard("chased-up"),
        "answer-given": lambda case, text: not empty(case.data.get("answer_text")) and not case.data.get("anonymous"),
        "compensation-paid": lambda case, text: case.data.get("liable") is True and case.data.get("compensation", 0) > 0,
        "final-answer-given": holds("answer_text"),
        "withdrawal-confirmed": heard("demand-withdrawn"),
    },
    "inspection": {
        "result": lambda case, text: all(r.get("ok") is True for r in case.data.get("results") or []),
        "hazards": holds("rectify_by"),
        "cut-told": is_so("was_cut", True),
        "amount": lambda case, text: case.data.get("unpaid", 0) + case.data.get("surcharge", 0) > 0,
        "ruling-told": heard("breach-objected"),
        "is-back": is_so("was_cut", False),
    },
    "inspection-plan": {},
    "new-connection": {
        "application-accepted": holds("accepted_at"),
        "survey-agreed": holds("survey_at"),
        "visit-in-vain": heard("appointment-missed"),
        "rest-of-documents": lambda case, text: case.data.get("one_document") is True and case.data.get("one_is_enough") is True,
        "documents-missing": lambda case, text: not case.data.get("documents_complete"),
        "plan-ready": always,
        "plan-delayed": breached("plan-reply"),
        "plan-delay-reason": holds("delay_reason"),
        "stage-delayed": lambda case, text: bool(case.breached),
        "design-result": lambda case, text: case.data.get("design_ok") is True or not empty(case.data.get("defects")),
        "design-not-reviewed": always,
        "design-comes-first": lambda case, text: not case.data.get("design_ok"),
        "extension-granted": holds("extension_until"),
        "extension-not-granted": heard("extension-requested"),
        "plan-expiring": lambda case, text: case.at < case.data["plan_expires"],
        "plan-has-lapsed": lambda case, text: case.at >= case.data["plan_expires"],
        "mid-check-result": lambda case, text: case.data.get("mid_check_ok") is True or not empty(case.data.get("defects")),
        "mid-check-waived": always,
        "generation-defects": lambda case, text: not case.data.get("grid_test_ok"),
        "mid-check-comes-first": lambda case, text: not case.data.get("mid_check_ok"),
        "defects-found": lambda case, text: not empty(case.data.get("defects")) or case.data.get("backup_ok") is not True,
        "contract-ready": lambda case, text: not case.data.get("contract_signed") or (case.data.get("fees", 0) > 0 and not case.data.get("fees_paid")),
        "fitting-agreed": always,
        "connected": holds("energised_at", "meter_no"),
        "withdrawal-settled": heard("application-withdrawn"),
        "application-ended": lambda case, text: case.data.get("closed_because") != "refused" or not empty(case.data.get("refusal")),
    },
    "outage-notice": {
        "announced": holds("published_at"),
        "moved-told": heard("outage-moved"),
        "longer": breached("as-told"),
        "extension-told": lambda case, text: heard("outage-extended")(case, text) or "ask-back" in case.done,
        "cancellation-told": heard("outage-cancelled"),
        "back-told": holds("actual_until"),
        "not-carried-out": is_so("began", False),
    },
    "repair": {
        "report-registered": holds("reported_at"),
        "on-the-way": lambda case, text: case.data.get("under_way") is True and "accept-order" in case.done,
        "arrival-delayed": breached("arrival"),
        "estimate-given": lambda case, text: not empty(case.data.get("estimated_restoration")) or not empty(case.data.get("fault_cause")),
        "estimate-moved": lambda case, text: not empty(case.data.get("estimated_restoration")),
        "restoration-delayed": breached("restore-limit"),
        "supply-restored": lambda case, text: case.data.get("progress") == "restored" or case.data.get("outage_state") == "restored",
        "known-outage": lambda case, text: not empty(case.data.get("master_case")) and case.data["master_case"] != case.number,
        "handled-separately": lambda case, text: "known-outage" in case.said,
        "chase-up-taken": heard("chased-up"),
        "withdrawal-confirmed": heard("report-withdrawn"),
    },
}

# After "taken up again" the caller takes the matter up, and gives no final answer instead.
TAKEN_UP = {"reopen", "rework", "put-right"}
FINAL = {"not-settled-told"}


# ---- What leans the odds: forms and conditions whose text is replaced in a copy of the processes, and what cases begin with (and when). -------------

YES = "{field: %s, required: true, choices: [true]}"
PAUSE = {"temporary_account": False, "preconditions_ok": True, "supply_class": "hv-single", "whole_capacity": False, "permanent": False, "times_this_year": 0, "days_this_year": 0,
         "wanted_from": None, "wanted_until": None}
LEAN = {
    "arrears": ([
        ("  life_support: {type: boolean, default: false,", "  amount: {type: number, min: 50, max: 600}\n  life_support: {type: boolean, default: false,"),
        ("form: [life_support, disputed, open_complaint, weather]", "form: []"),
        ("form: [{field: approved, required: true}, approval_note]", "form: [%s, approval_note]" % YES % "approved"),
        ("form: [{field: open_debt, required: true}]", "form: [{field: open_debt, required: true, min: 100}]"),
    ], [
        {"life_support": False, "disputed": False, "open_complaint": False, "weather": "ordinary", "debt": 500, "due_on": "2026-01-05T00:00", "important": False},
        {"life_support": False, "disputed": False, "open_complaint": False, "weather": "ordinary", "debt": 900, "due_on": "2026-01-05T00:00", "dunnings": 2, "remote": False},
    ]),
    "change-of-use": ([
        ("form: [identity_ok, debt, temporary_account, preconditions_ok, times_this_year, days_this_year, last_choice_on, whole_capacity]", "form: [%s, debt]" % YES % "identity_ok"),
        ("form: [site_ok, findings, customers_cause, fees]", "form: [%s, findings, customers_cause, fees]" % YES % "site_ok"),
    ], [
        dict(PAUSE, kind="capacity-reduction"),
        dict(PAUSE, kind="suspension", now="2012-03-02T09:00"),
        dict(PAUSE, kind="larger-transformer"),
        dict(PAUSE, kind="temporary-removal", supply_class="resident"),
        dict(PAUSE, kind="transfer"),
        dict(PAUSE, kind="temporary-supply"),
        {"temporary_account": False, "preconditions_ok": True, "supply_class": "lv"},
    ]),
    "complaint": ([
        ("form: [{field: demand, required: demand = null}, service_kind, category, level, important, "
         "anonymous, confidential, reported_unit, answered_at_once, {field: answer_text, required: answered_at_once = true}, repeats]",
         "form: [{field: demand, required: true}, service_kind, level, reported_unit]"),
    ], [{"answered_at_once": False}, {"answered_at_once": False, "demand": "service-request", "service_kind": "appliance-damage", "anonymous": False},
        {"answered_at_once": False, "channel": "12398", "demand": "complaint", "anonymous": False, "now": "2012-03-02T09:00"}]),
    "new-connection": ([
        ("form: [documents_complete, one_document, missing_documents, customer_no, refusal, refusal_note]", "form: [%s]" % YES % "documents_complete"),
        ("form: [works_by, permit_needed, important, zero_investment, system_design_needed, outage_needed, documents_complete, can_supply, refusal, refusal_note]",
         "form: [works_by, permit_needed, important, system_design_needed, outage_needed]"),
    ], [
        {"documents_complete": True, "can_supply": True, "refusal": None, "works_by": "customer", "supply_class": "hv-single"},
        {"documents_complete": True, "can_supply": True, "refusal": None, "works_by": "customer", "supply_class": "hv-dual", "now": "2016-03-02T09:00"},
        {"documents_complete": True, "can_supply": True, "refusal": None, "supply_class": "lv"},
    ]),
    "capacity-increase": ([
        ("form: [identity_ok, debt, other_order, present_kva]", "form: [%s, debt]" % YES % "identity_ok"),
    ], [{"present_kva": 1, "capacity_kva": 400}]),
    "repair": ([
        ("{if: outage != master_case, to: await-outage,", "{if: outage = null, to: await-outage,"),         # whatever signal comes is that of the main order
    ], [{"reported_at": None}, {"reported_at": None, "important": True, "now": "2012-03-02T09:00"}]),
}


# ---- Texts --------------------------------------------------------------------------------------------------------------------------------------

HOLES = re.compile(
    r"\{\{|\}\}|\bnull\b|\bNone\b|\bundefined\b"                                    # placeholders
    r"|，，|，。|。。|：。|：，|：；|：$|（）|、、|、。|；；|；。|^[，。：；、]"                 # a hole between two marks
    r"|\(\)|: *\.|: *$|, *\.|\.\.|  |^[,.:;]|\bin (is|was|are)\b|\(, "
    r"|(?<![\d.])0(?:元| yuan)"                                                      # nobody is asked for nothing
    r"|\d{4}-\d\d-\d\d|\bP\d+[YMDT]|\bPT\d|\d\d:\d\d:\d\d"                          # machine's dates and durations
)


def empty(value):
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def words_of(value, into):
    if isinstance(value, str):
        if value.strip():
            into.add(value)
    elif isinstance(value, list):
        for item in value:
            words_of(item, into)
    elif isinstance(value, dict):
        for item in value.values():
            words_of(item, into)


def faults_of_text(language, text, known):
    bare = text
    for word in sorted(known, key=len, reverse=True):
        bare = bare.replace(word, "\u25a1")
    found = HOLES.search(bare)
    if found:
        yield f"'{found.group(0)}' is left in it"
    if not text.strip():
        yield "it is empty"
    if language == "zh" and re.search(r"[A-Za-z]{2,}", bare):
        yield f"'{re.search(r'[A-Za-z]{2,}', bare).group(0)}' in a Chinese text"
    if language == "en" and re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", bare):
        yield "Chinese in an English text"


# ---- One case -----------------------------------------------------------------------------------------------------------------------------------

class Case:
    """What is known of one case of one process, event by event."""

    def __init__(self, process, lanes, cancels, details, report):
        self.process, self.lanes, self.cancels, self.report = process, lanes, cancels, report
        self.number = details["case"]
        self.data = dict(details["data"])
        self.given = {}                      # name -> (event at which it was written last, and was not empty; its value)
        self.done_at, self.begun = {}, 0     # node -> the event at which it was completed last; the beginning of the promise that is looked at
        self.now = 0
        self.at = ""
        self.last = ""
        self.done, self.messages, self.said, self.breached = set(), set(), [], set()
        self.clocks = {}                     # open ones: id -> [event at which it began, paused]
        self.works, self.timers, self.calls, self.inside = set(), set(), set(), collections.Counter()
        self.closing = []                    # clocks that were cancelled since the last other event, and nothing that cancels them had happened
        self.entered_at = {}                 # node -> the event at which it was entered last
        self.known = {self.number}
        words_of(self.data, self.known)
        words_of(details.get("customer"), self.known)

    def take(self, kind, details):
        self.now += 1
        element = details.get("element", "").split("[")[0]
        name = element.rsplit("/", 1)[-1]
        if kind == "data-changed":
            self.data[details["name"]] = details.get("value")
            if not empty(details.get("value")):
                self.given[details["name"]] = (self.now, details["value"])
        elif kind == "element-entered":
            self.inside[element] += 1
            self.entered_at[name] = self.now
        elif kind in ("element-completed", "element-terminated"):
            self.inside[element] -= 1
            if kind == "element-completed":
                self.done.add(name)
                self.done_at[name] = self.now
                self.last = name
        elif kind == "work-offered":
            self.works.add(details["work"])
        elif kind in ("work-completed", "work-withdrawn"):
            self.works.discard(details["work"])
        elif kind == "timer-armed":
            self.timers.add(details["timer"])
        elif kind in ("timer-fired", "timer-disarmed"):
            self.timers.discard(details["timer"])
        elif kind == "call-started":
            self.calls.add(details["call"])
        elif kind == "call-finished":
            self.calls.discard(details["call"])
        elif kind == "message-received":
            self.messages.add(details["name"])
        elif kind == "note-added" and details["text"].startswith("feedback"):
            self.report(f"a text could not be computed: {details['text']}")
        elif kind == "incident-raised":
            self.report(f"an incident: {json.dumps(details, ensure_ascii=False)[:200]}", f"incident {element} {details.get('rule', '')}")
        elif kind == "clock-started":
            self.clocks[details["clock"]] = [self.now, False]
        elif kind == "clock-paused" and details["clock"] in self.clocks:
            self.clocks[details["clock"]][1] = True
        elif kind == "clock-resumed" and details["clock"] in self.clocks:
            self.clocks[details["clock"]][1] = False
        elif kind == "clock-marked" and details.get("mark") == "breach":
            self.breached.add(details["clock"])
        elif kind == "clock-stopped":
            self.met(details["clock"])
        elif kind == "feedback-given":
            self.tell(details["feedback"], details["texts"])
        words_of(details.get("payload") or details.get("inputs") or (details.get("value") if kind in ("data-changed", "output-collected") else None), self.known)
        if kind == "clock-cancelled":
            begun = self.clocks.pop(details["clock"], [0, False])[0]
            if not any(max(self.entered_at.get(node, -1), self.done_at.get(node, -1)) >= begun for node in self.cancels.get(details["clock"], ())):
                self.closing.append(details["clock"])
        elif kind == "instance-completed":
            for clock in self.closing:
                self.report(f"clock '{clock}' was open when the case ended: nobody kept, broke or cancelled it")
            for clock in self.clocks:
                self.report(f"clock '{clock}' still runs after the end")
        elif kind not in ("subscription-closed", "timer-disarmed", "element-terminated", "work-withdrawn"):
            self.closing = []

    def met(self, clock):
        self.begun = self.clocks.pop(clock, [0, False])[0]
        kept = KEPT_BY.get(self.process, {}).get(clock)
        if kept is None:
            self.report(f"clock '{clock}' has no entry in KEPT_BY of this test")
        elif not kept(self, lambda name: self.given[name][1] if name in self.given and self.given[name][0] >= self.begun else None):
            self.report(f"clock '{clock}' was met at '{self.last}' by an empty result")

    def tell(self, feedback, texts):
        so = SAID.get(self.process, {}).get(feedback)
        for language, text in texts.items():
            for fault in faults_of_text(language, text, self.known):
                self.report(f"feedback '{feedback}' ({language}): {fault}: {text}", f"{feedback} {language} {fault}")
        if so is None:
            self.report(f"feedback '{feedback}' has no entry in SAID of this test")
        elif not so(self, texts.get("zh", "")):
            self.report(f"feedback '{feedback}' says what has not happened: {texts.get('zh')}", f"{feedback} untrue")
        self.said.append(feedback)

    def idle(self):
        """Time goes by: who has something to do about the promises that run?"""
        if self.works or self.timers or self.calls:
            return
        running = [clock for clock, (_, paused) in self.clocks.items() if not paused]
        if not running:
            return
        waiting = [element for element, count in self.inside.items() if count > 0 and self.lanes.get(element)]
        if not any(self.lanes[element] != "customer" for element in waiting):
            self.report(f"clock {', '.join(sorted(running))} runs while nobody has anything to do (waiting at {', '.join(waiting) or 'nothing'})", "idle " + ' '.join(sorted(running) + waiting))


# ---- All of them --------------------------------------------------------------------------------------------------------------------------------

def ask(binary, processes, *words):
    done = subprocess.run([binary, "--processes", processes, *words, "--json"], capture_output=True, text=True, encoding="utf-8", timeout=500)
    if done.returncode and not done.stdout:     # 1 with an answer: some case did not end, which is looked at
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def paths(nodes):
    """path of each node -> its lane ('' without one)."""
    inside = {node["id"]: node["inside"] for node in nodes}
    found = {}
    for node in nodes:
        path, outer = node["id"], node["inside"]
        while outer:
            path, outer = outer + "/" + path, inside.get(outer)
        found[path] = node["lane"]
    return found


def cancels(processes, process):
    """clock -> the nodes whose being entered or completed cancels it, as the file says."""
    with open(os.path.join(processes, process + ".yaml"), encoding="utf-8") as file:
        text = file.read()
    clocks = re.search(r"^sla:\n(.*?)(?=^\w)", text + "\nend", re.M | re.S)
    found, clock = {}, None
    for line in clocks.group(1).splitlines() if clocks else []:
        begin = re.match(r"  ([a-z][a-z0-9-]*):", line)
        clock = begin.group(1) if begin else clock
        if re.match(r"    cancel:", line):
            found[clock] = set(re.findall(r"[a-z][a-z0-9-]+", line.split("#")[0])) - {"cancel", "entered", "completed"}
    return found


def leaned(processes, folder):
    """A copy of the processes whose gates are easier to pass; every text that leans the odds must be found."""
    copy = os.path.join(folder, "processes")
    shutil.copytree(processes, copy)
    for process, (changes, _) in LEAN.items():
        path = os.path.join(copy, process + ".yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new in changes:
            if old not in text:
                sys.exit(f"LEAN of {process} names a text that is not there any more: {old}")
            text = text.replace(old, new)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return copy


class Findings:
    """Of each finding the first text, and the seeds that have it."""

    def __init__(self):
        self.found = collections.OrderedDict()

    def note(self, where, text, seed, mask=""):
        self.found.setdefault((where, mask or re.sub(r"P-\d+", "P-n", text)), [text, []])[1].append(seed)


def look(binary, processes, process, cases, lanes, ends, data, findings, seen):
    given = dict(data or {})
    words = ["play", process, "--auto", "--cases", str(cases), "--now", given.pop("now", "2026-03-02T09:00")] + (["--data", json.dumps(given)] if given else [])
    for played in ask(binary, processes, *words):
        seed = played["seed"]
        open_cases, at, told_again = {}, None, None
        if not played["ended"]:
            findings.note(process, f"does not end: {played['stopped']}", seed)
        for event in played["timeline"]:
            key, kind, details = (event["case"], event["process"]), event["event"], event["details"]
            if event["at"] != at:
                for case in open_cases.values():
                    case.idle()
                at = event["at"]
            if kind == "instance-started":
                where = event["process"]
                open_cases[key] = Case(where, lanes[where], ends[where], details, lambda text, mask="", where=where, seed=seed: findings.note(where, text, seed, mask))
            case = open_cases.get(key)
            if case is None:
                continue
            case.at = at
            case.take(kind, details)
            if kind == "element-entered":
                seen.add((event["process"], details["element"].split("[")[0]))
            if kind == "feedback-given" and event["process"] == "callback":
                told_again = details["feedback"]
            elif kind == "element-entered" and event["process"] != "callback" and told_again:
                name = details["element"].rsplit("/", 1)[-1]
                if told_again == "taken-up-again" and name in FINAL or told_again == "to-the-supervisor" and name in TAKEN_UP:
                    findings.note("callback", f"feedback '{told_again}', but {event['process']} goes to '{name}'", seed)
                if name in FINAL | TAKEN_UP:
                    told_again = None
            if kind == "instance-completed":
                del open_cases[key]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    binary = sys.argv[1]
    processes = sys.argv[2] if len(sys.argv) > 2 else os.path.join(SOURCE, "processes")
    cases = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    wanted = sys.argv[4:] or PROCESSES
    lanes = {process: paths(ask(binary, processes, "show", process)["nodes"]) for process in PROCESSES}
    ends = {process: cancels(processes, process) for process in PROCESSES}
    faults, seen = 0, set()
    with tempfile.TemporaryDirectory(prefix="switchboard-play-") as folder:
        copy = leaned(processes, folder)
        for process in wanted:
            findings = Findings()
            look(binary, processes, process, cases, lanes, ends, None, findings, seen)
            for data in LEAN.get(process, ([], []))[1]:
                look(binary, copy, process, cases // 2, lanes, ends, data, findings, seen)
            for (where, _), (text, seeds) in findings.found.items():
                print(f"{process}: {where}: {text} [{len(seeds)} times, first with seed {seeds[0]}]")
            faults += len(findings.found)
            played = {path for path in lanes[process] if (process, path) in seen}
            missed = sorted(set(lanes[process]) - played)
            print(f"{process}: {cases + cases // 2 * len(LEAN.get(process, ([], []))[1])} cases, {len(played)} of {len(lanes[process])} nodes, {len(findings.found)} findings", flush=True)
            if missed and os.environ.get("SHOW_MISSED"):
                print("  never played: " + ", ".join(missed))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
