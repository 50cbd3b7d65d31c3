// A designer breaks a shipped process. Each entry is one edit of the text, with every finding (advice apart) that must come of it: the rule, the
// place (the `^` in a piece of the edited text), words that the message and the remedy must have.
#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>

#include "shipped.hpp"

using namespace switchboard;

namespace {

struct Expected {
  std::string rule;
  std::string at;  ///< a piece of the edited text, once in it, with `^` where the finding stands
  std::string message;
  std::string hint;
};

struct Breakage {
  std::string name;
  std::string file;
  std::string before;
  std::string after;
  std::vector<Expected> expected;
};

const std::string repair = "repair.yaml";
const std::string connection = "new-connection.yaml";
const std::string complaint = "complaint.yaml";
const std::string callback = "callback.yaml";
const std::string change = "change-of-use.yaml";
const std::string increase = "capacity-increase.yaml";
const std::string zhejiang = "overlays/new-connection-zhejiang.yaml";
const std::string prefecture = "overlays/new-connection-zj-example.yaml";
const std::string zhoukou = "overlays/repair-zhoukou.yaml";

// clang-format off
const std::vector<Breakage> wrong_names{
  {"a typo in `next`", repair, "next: which-route", "next: which-rout", {{"SB0120", "next: ^which-rout\n", "unknown node `which-rout`", "did you mean `which-route`"}}},
  {"a typo in a conditional flow", repair, "to: guide-by-phone, name", "to: guide-by-fone, name", {{"SB0120", "to: ^guide-by-fone", "unknown node `guide-by-fone`", "`guide-by-phone`"}}},
  {"a typo in `else`", repair, "{else: accept-order,", "{else: acept-order,", {{"SB0120", "else: ^acept-order", "unknown node `acept-order`", "`accept-order`"}}},
  {"a flow into a sub-process", repair, "next: own-order\n", "next: dispatch\n", {{"SB0120", "        out: {master_case: master_case, route: '\"merged\"'}\n        next: follow-outage\n    next: ^dispatch", "stands in another scope", "cannot cross the border"}}},
  {"a flow to a boundary event", repair, "next: note-withdrawal\n    next: outage-over", "next: note-withdrawal\n    next: withdrawn-while-joined", {{"SB0120", "next: ^withdrawn-while-joined", "is a boundary event", "when its event happens"}}},
  {"a typo in the data of a condition", repair, "{if: paid_service, to: accept-order", "{if: paid_servise, to: accept-order", {{"SB0202", "{if: ^paid_servise", "unknown name `paid_servise`", "`paid_service`"}}},
  {"a typo in the data of a script", repair, "set: {chase_ups: chase_ups + 1", "set: {chase_ups: chaseups + 1", {{"SB0202", "{chase_ups: ^chaseups", "unknown name `chaseups`", "`chase_ups`"}}},
  {"a typo with two letters swapped", repair, "limits(\"dispatch\", area,", "limits(\"dispatch\", aera,", {{"SB0202", "limits(\"dispatch\", ^aera", "unknown name `aera`", "`area`"}}},
  {"a typo in a form", repair, "form: [outage_state]", "form: [outage_stat]", {{"SB0122", "form: [^outage_stat]", "unknown data name `outage_stat`", "`outage_state`"}}},
  {"a typo in the target of `set`", repair, "set: {chase_ups: chase_ups", "set: {chase_up: chase_ups", {{"SB0122", "set: {^chase_up:", "unknown data name `chase_up`", "`chase_ups`"}}},
  {"a typo in a text to the customer", repair, "zh: 因{{delay_reason}}", "zh: 因{{delay_raeson}}", {{"SB0202", "zh: 因{{^delay_raeson", "unknown name `delay_raeson`", "`delay_reason`"}}},
  {"a typo in a lane", repair, "lane: dispatcher\n        name: {en: Dispatch,", "lane: dispacher\n        name: {en: Dispatch,", {{"SB0121", "lane: ^dispacher\n", "unknown lane `dispacher`", "`dispatcher`"}}},
  {"a typo in the calendar of the process", repair, "calendar: cn", "calendar: ch", {{"SB0180", "calendar: ^ch\n", "no calendar 'ch'", "'cn'"}}},
  {"a typo in the calendar of a clock", callback, "    calendar: callback-hours\n    start", "    calendar: callback-hour\n    start", {{"SB0180", "calendar: ^callback-hour\n", "no calendar 'callback-hour'", "'callback-hours'"}}},
  {"a typo in the calendar of a timer", callback, "timer: {after: spacing, calendar: callback-hours}", "timer: {after: spacing, calendar: calback-hours}", {{"SB0180", "calendar: ^calback-hours", "no calendar 'calback-hours'", "'callback-hours'"}}},
  {"a typo in the list of tables", repair, "decisions: [limits]", "decisions: [limit]", {{"SB0181", "decisions: [^limit]", "no decision table 'limit'", "'limits'"}}},
  {"a table that is asked and not listed", repair, "decisions: [limits]\n", "", {{"SB0203", "within: '^limits(\"arrival\", if", "unknown function `limits` (and 7 more times: lines 500, ", "list the table under `decisions: [limits]`"}}},
  {"data that is used and not declared", connection, "  fees: {type: number, default: 0, min: 0, name: {en: Fees, zh: 业务费用}}\n", "", {
      {"SB0122", "form: [plan_no, ^fees, plan", "unknown data name `fees` (and 2 more times", ""},
      {"SB0202", "contract_signed and (^fees = 0", "unknown name `fees` (and 2 more times", ""}}},
  {"a field that a signal does not carry", repair, "in: {master: case_no, progress: '\"restored\"'}", "in: {mastr: case_no, progress: '\"restored\"'}", {{"SB0433", "in: {^mastr: case_no", "the payload of 'outage-progress' has no field 'mastr'", "'master'"}}},
  {"a typo in a table that is asked", repair, "limits(\"dispatch\", area,", "limit(\"dispatch\", area,", {{"SB0203", "within: '^limit(\"dispatch\"", "unknown function `limit`", "`limits`"}}},
  {"a typo in the table of a task", callback, "decision: callback-plan\n", "decision: callback-plans\n", {{"SB0125", "decision: ^callback-plans", "`callback-plans` is not declared", "`callback-plan`"}}},
  {"a typo in the output of a table", callback, "result.attempts", "result.attempt", {{"SB0210", "max_attempts: result.^attempt,", "has no `attempt`", "`attempts`"}}},
  {"a typo in a cell of a table", "decisions/callback-plan.yaml", "  - {when: ['-', '\"urgent\"', '-']", "  - {when: ['-', '\"ugrent\"', '-']", {{"SB0824", "'^\"ugrent\"', '-']", "\"ugrent\" is not among the allowed values of `urgency`", "\"urgent\""}}},
  {"a typo in what a file is", "decisions/callback-plan.yaml", "decision: callback-plan", "decison: callback-plan", {{"SB0106", "\n^decison: callback-plan", "second key must be `decision: ID`", ""}}},
  {"a typo in the parameter of a table", callback, "in: {subject: subject, urgency: urgency, late: late}", "in: {subject: subject, urgancy: urgency, late: late}", {{"SB0185", "^urgancy: urgency", "no parameter 'urgancy'", "'urgency'"}}},
  {"a parameter of a table that is missing", callback, "in: {subject: subject, urgency: urgency, late: late}", "in: {subject: subject, late: late}", {{"SB0181", "decision: ^callback-plan\n", "needs 'urgency'", "add `urgency:`"}}},
  {"a value that the table does not know", repair, "limits(\"dispatch\", area,", "limits(\"dispach\", area,", {{"SB0432", "limits(^\"dispach\"", "knows no \"dispach\" for 'stage'", "\"dispatch\""}}},
  {"arguments of a table in the wrong order", repair, "limits(\"dispatch\", area, company, reported_on)", "limits(\"dispatch\", area, reported_on)", {{"SB0206", "within: '^limits(\"dispatch\", area, reported_on)", "`company` is date, not string", ""}}},
  {"data that the called process does not have", repair, "      summary: handling\n", "      sumary: handling\n", {{"SB0460", "      ^sumary: handling", "'callback' has no data 'sumary'", "'summary'"}}},
  {"required data of the called process is missing", repair, "      subject: '\"repair\"'\n", "", {{"SB0461", "process: ^callback\n", "'callback' needs 'subject'", "add `subject:`"}}},
  {"a value that the called process refuses", repair, "      subject: '\"repair\"'\n", "      subject: '\"repairs\"'\n", {{"SB0462", "subject: '^\"repairs\"'", "not one of", "repair"}}},
  {"a value of another type for the called process", repair, "      late: sla(\"arrival\").breached = true or sla(\"restore-limit\").breached = true\n", "      late: chase_ups\n", {{"SB0462", "late: ^chase_ups", "gives number, but boolean is wanted", ""}}},
  {"a result that the called process does not have", repair, "out: {rehandle: rehandle,", "out: {rehandle: rehandled,", {{"SB0460", "out: {rehandle: ^rehandled", "has data 'rehandled'", "'rehandle'"}}},
  {"a typo in a message", repair, "message: report-withdrawn\n        next: note-withdrawal\n      merged", "message: report-withdrawen\n        next: note-withdrawal\n      merged", {{"SB0125", "message: ^report-withdrawen", "`report-withdrawen` is not declared", "`report-withdrawn`"}}},
  {"a typo in a signal", repair, "signal: outage-progress\n        out", "signal: outage-progres\n        out", {{"SB0125", "signal: ^outage-progres\n", "`outage-progres` is not declared", "`outage-progress`"}}},
  {"a typo in an escalation", repair, "escalation: arrival-late, interrupting", "escalation: arival-late, interrupting", {{"SB0125", "escalation: ^arival-late", "`arival-late` is not declared", "`arrival-late`"}}},
  {"a typo in an error", connection, "error: plan-expired\n        out", "error: plan-expird\n        out", {{"SB0125", "error: ^plan-expird\n", "`plan-expird` is not declared", "`plan-expired`"}}},
  {"a typo in the start of a clock", repair, "start: {entered: accept-order}", "start: {entered: accept-ordr}", {{"SB0123", "start: {entered: ^accept-ordr}", "unknown node `accept-ordr`", "`accept-order`"}}},
  {"a typo in the stop of a clock", repair, "stop: {completed: [restore, outage-restored]}\n    cancel: {entered: [note", "stop: {completed: [restor, outage-restored]}\n    cancel: {entered: [note", {{"SB0123", "stop: {completed: [^restor, ", "unknown node `restor`", "`restore`"}}},
  {"a typo in the pause of a clock", connection, "pause: {in: [customer, authority, grid-works]}", "pause: {in: [customer, authority, grid-work]}", {{"SB0123", "authority, ^grid-work]", "unknown node or lane `grid-work`", "`grid-works`"}}},
  {"a typo in the feedback of a mark", repair, "feedback: on-the-way,", "feedback: on-he-way,", {{"SB0124", "feedback: ^on-he-way,", "unknown feedback `on-he-way`", "`on-the-way`"}}},
  {"a typo in `sla()`", repair, "in: {due: sla(\"arrival\").due", "in: {due: sla(\"arival\").due", {{"SB0182", "sla(^\"arival\")", "no clock 'arival'", "'arrival'"}}},
  {"a typo in what a clock knows", repair, "in: {due: sla(\"arrival\").due", "in: {due: sla(\"arrival\").deu", {{"SB0210", "sla(\"arrival\").^deu", "no `deu`", "due"}}},
  {"a typo in a function", repair, "{{substring(string(sla(\"arrival\").due), 12, 5)}}前", "{{substrng(string(sla(\"arrival\").due), 12, 5)}}前", {{"SB0203", "预计{{^substrng", "unknown function `substrng`", "`substring`"}}},
};

const std::vector<Breakage> wrong_types{
  {"a number compared with a text", repair, "{if: outage_state = \"separated\", to: separate", "{if: chase_ups = \"separated\", to: separate", {{"SB0212", "{if: ^chase_ups = \"sep", "number cannot be compared with string", "one type"}}},
  {"a condition that is a text", repair, "{if: order_rejected, to", "{if: review_note, to", {{"SB0208", "{if: ^review_note", "gives string, but boolean is wanted", "compare it"}}},
  {"a comparison with a value that cannot be", repair, "{if: route = \"phone\",", "{if: route = \"phoen\",", {{"SB0430", "{if: route = ^\"phoen\"", "`route` is never \"phoen\"", "\"phone\""}}},
  {"a value that the data refuses", repair, "set: {route: '\"crew\"', outage_state", "set: {route: '\"crews\"', outage_state", {{"SB0431", "set: {route: '^\"crews\"'", "\"crews\" is not one of", "crew"}}},
  {"a branch that yields a value that the data refuses", change, "else if choice_fixed = \"year\" and last_choice_on != null and last_choice_on.year = today().year then \"choice-fixed\"", "else if choice_fixed = \"year\" and last_choice_on != null and last_choice_on.year = today().year then \"fixed-choice\"", {{"SB0431", "today().year then ^\"fixed-choice\"", "is not one of", ""}}},
  {"a text in the place of a number", repair, "set: {rounds: rounds + 1,", "set: {rounds: string(rounds),", {{"SB0208", "set: {rounds: ^string(rounds)", "gives string, but number is wanted", ""}}},
  {"`==`", repair, "{if: outage_state = \"separated\", to: separate", "{if: outage_state == \"separated\", to: separate", {{"SB0212", "{if: ^outage_state == ", "", "single `=`"}}},
  {"`&&`", repair, "rehandle = true and rounds", "rehandle = true && rounds", {{"SB0201", "rehandle = true ^&&", "", "FEEL writes `and`"}}},
  {"single quotes in FEEL", repair, "{if: outage_state = \"separated\", to: separate", "{if: \"outage_state = 'separated'\", to: separate", {{"SB0201", "outage_state = ^'separated'", "", "double quotes"}}},
  {"a parenthesis that is not closed", repair, "then date(reported_at) else", "then date(reported_at else", {{"SB0201", "date(reported_at ^else", "expected `)`", ""}}},
  {"`if` without `else`", repair, "reported_at: if reported_at = null then now() else reported_at", "reported_at: if reported_at = null then now()", {{"SB0201", "reported_at = null then now()^\n", "expected `else`", ""}}},
  {"too many arguments", repair, "string(chase_ups)], \"; \")", "string(chase_ups)], \"; \", \"x\", 1)", {{"SB0205", "promises: >-\n        ^string join([\n          if sla(\"arrival\") = null then \"到", "takes 2 arguments, not 4", "string join(list"}}},
  {"a number as a duration", repair, "timer: {after: 4 h}", "timer: {after: 4}", {{"SB0109", "timer: {after: ^4}", "expected a duration, found a number", "4 min"}}},
  {"an unknown unit", repair, "timer: {after: 4 h}", "timer: {after: 4 hrs}", {{"SB0301", "timer: {after: ^4 hrs}", "unknown unit 'hrs'", "'h'"}}},
  {"FEEL that yields a number as a limit", repair, "'limits(\"dispatch\", area, company, reported_on)'", "rounds + 1", {{"SB0183", "within: ^rounds + 1", "a duration is wanted, this is a number", "45 min"}}},
  {"an hour that does not exist", callback, "default: \"21:00:00\"", "default: \"25:00:00\"", {{"SB0131", "default: ^\"25:00:00\"", "", ""}}},
  {"a default outside the enumeration", repair, "default: sgcc", "default: sgc", {{"SB0132", "default: ^sgc,", "\"sgc\" is not one of `enum`", ""}}},
  {"an unknown type", repair, "phone: {type: string", "phone: {type: text", {{"SB0130", "phone: {type: ^text", "unknown type `text`", "`string`"}}},
  {"a hole that is not closed", repair, "zh: 因{{delay_reason}}", "zh: 因{{delay_reason", {{"SB0217", "zh: 因^{{delay_reason，", "never closed", "}}"}}},
};

const std::vector<Breakage> wrong_text{
  {"an unknown key", repair, "form: [paid_service, handling]", "forms: [paid_service, handling]", {{"SB0107", "^forms: [", "unknown key `forms` in userTask", "`form`"}}},
  {"a misspelt `next`", repair, "    next: wants", "    nxt: wants", {{"SB0107", "^nxt: wants", "unknown key `nxt`", "`next`"}}},
  {"a misspelt `feedback`", repair, "feedback:\n  report", "feedbacks:\n  report", {{"SB0107", "\n^feedbacks:", "unknown key `feedbacks` in a process", "`feedback`"}}},
  {"a key of another type of node", repair, "    job: archive\n", "    job: archive\n    form: [handling]\n", {{"SB0112", "^form: [handling]\n    next: closed", "does not belong to serviceTask", "userTask"}}},
  {"a misspelt type", repair, "type: callActivity", "type: callactivity", {{"SB0113", "type: ^callactivity", "unknown type `callactivity`", "`callActivity`"}}},
  {"a key twice", repair, "version: \"1\"", "version: \"1\"\nversion: \"2\"", {{"SB0105", "^version: \"2\"", "stands twice", "delete or rename"}}},
  {"an id twice", complaint, "      settled: {type: endEvent, name: {en: Answered, zh: 已答复}}", "      settled: {type: endEvent, name: {en: Answered, zh: 已答复}}\n      praised: {type: endEvent}", {{"SB0105", "^praised: {type: endEvent}", "stands twice", "delete or rename"}}},
  {"no `next`", repair, "    job: archive\n    next: closed\n", "    job: archive\n", {{"SB0129", "\n  ^archive:\n", "does not say its `next`", "next: id"}}},
  {"no start of a clock", repair, "    start: {entered: return-order}\n", "", {{"SB0108", "  ^return-limit:", "a clock needs the key `start`", ""}}},
  {"a list written as a text", repair, "form: [outage_state]", "form: outage_state", {{"SB0109", "form: ^outage_state", "expected a list", "[outage_state]"}}},
  {"`yes` for true", repair, "strict: true", "strict: yes", {{"SB0109", "strict: ^yes", "expected true or false", "true or false"}}},
  {"a tab as indentation", repair, "calendar: cn", "\tcalendar: cn", {{"SB0101", "\n^\tcalendar", "a tab is used for indentation", "spaces"}}},
  {"bytes that are no UTF-8", repair, "zh: 派单超时}}", "zh: \xe6\xb4}}", {{"SB0102", "zh: ^\xe6\xb4}}", "UTF-8", "UTF-8"}}},
  {"a quote that is not closed", repair, "version: \"1\"", "version: \"1", {{"SB0101", "version: ^\"1", "not closed", "close it"}}},
  {"a brace that is not closed", repair, "closed: {type: endEvent, name: {en: Closed, zh: 办结}}", "closed: {type: endEvent, name: {en: Closed, zh: 办结}", {{"SB0101", "  closed: ^{type: endEvent, name: {en: Closed, zh: 办结}\n", "not closed", "close it"}}},
  {"a key indented too little", repair, "    lane: supervisor\n    name: {en: Give", "   lane: supervisor\n    name: {en: Give", {{"SB0101", "\n   ^lane: supervisor", "indentation fits no open map", "sister keys"}}},
  {"a node indented too deep", repair, "  closed: {type: endEvent, name: {en: Closed, zh: 办结}}\n", "    closed: {type: endEvent, name: {en: Closed, zh: 办结}}\n", {
      {"SB0120", "next: ^closed\n", "unknown node `closed`", ""},
      {"SB0107", "\n    ^closed: {", "unknown key `closed` in serviceTask", "indent it like its sister nodes"}}},
  {"a colon in a text", repair, "zh: 您的催办已推送给现场处理人员，工单编号{{case_no}}。", "zh: 您的催办: 已推送给现场处理人员，工单编号{{case_no}}。", {{"SB0101", "您的催办^: 已", "a second `: `", "quote"}}},
};

const std::vector<Breakage> wrong_flows{
  {"no `else`", repair, "{else: arrive, name", "{if: not(order_returned), to: arrive, name", {{"SB0407", "\n      ^order-kept:", "there is no `else`", "else: ID"}}},
  {"a condition that is never true", repair, "{if: order_rejected, to", "{if: 1 > 2, to", {{"SB0428", "{if: ^1 > 2", "always false", "never taken"}}},
  {"a flow that hides those after it", repair, "{if: rehandle = true, to: not-settled-told, name", "{to: not-settled-told, name", {{"SB0409", "{to: ^not-settled-told", "taken before the flows after it", "if:"}}},
  {"a parallel split joined by an exclusive gateway", connection, "formalities: {type: parallelGateway", "formalities: {type: exclusiveGateway", {{"SB0411", "      ^formalities: {type", "two tokens at once", "parallelGateway"}}},
  {"an exclusive split joined by a parallel gateway", connection, "prepare: {type: parallelGateway, name: {en: Works and formalities, zh: 工程与手续并行}, next: [who-builds, sign-contract]}", "prepare: {type: exclusiveGateway, next: [{if: works_by = \"none\", to: sign-contract}, {else: who-builds}]}", {{"SB0410", "      ^formalities: {type", "deadlock", "supply/prepare takes one of its flows only"}}},
  {"an exclusive merge made parallel", connection, "works-done: {type: exclusiveGateway", "works-done: {type: parallelGateway", {{"SB0410", "      ^works-done: {type", "deadlock", "takes one of its flows only"}}},
  {"an interrupting event that leads a branch away from its join", connection, "        form: [contract_no, contract_signed, fees, fees_paid]\n", "        form: [contract_no, contract_signed, fees, fees_paid]\n        boundary: {unsigned: {timer: {after: 30 d}, next: works-done}}\n", {{"SB0411", "      ^works-done: {type", "two tokens at once", "join the branches"}, {"SB0410", "      ^formalities: {type", "deadlock", "supply/unsigned leads a token away from its branch"}}},
  {"a node that nothing leads to", repair, "next: recall-crew", "next: withdrawn", {{"SB0401", "\n  ^recall-crew:", "no flow leads here", "lead a flow to it"}}},
  {"several nodes that nothing leads to", repair, "{if: rehandle = true, to: not-settled-told, name", "{if: rehandle = true, to: archive, name", {{"SB0401", "\n  ^not-settled-told:", "nor is final-answer", "lead a flow to it"}}},
  {"a way that never ends", repair, "    form: [explanation]\n    next: archive\n", "    form: [explanation]\n    next: not-settled-told\n", {{"SB0402", "\n  ^final-answer:", "not-settled-told > final-answer goes round for ever", "to an end event"}}},
  {"an end that is taken away", repair, "handled: {type: endEvent,", "handled: {type: task, next: review-order,", {{"SB0402", "      ^handled:", "goes round for ever", "to an end event"}}},
  {"a loop that nothing changes", change, "extension-refused: {type: task, name: {en: Extension refused, zh: 不予延期}, next: in-effect}", "extension-refused: {type: task, name: {en: Extension refused, zh: 不予延期}, next: may-extend}", {{"SB0414", "不予延期}, next: ^may-extend}", "may-extend > extension-refused go round without waiting", "wait in the loop"}}},
  {"an event gateway that leads to a task", repair, "next: [progress-sent, progress-missing]", "next: [progress-sent, check-outage]", {
      {"SB0420", "[progress-sent, ^check-outage]", "is a userTask", "the event that decides"},
      {"SB0401", "\n      ^progress-missing:", "no flow leads here", ""}}},
  {"a condition on a parallel gateway", connection, "next: [who-builds, sign-contract]}", "next: [who-builds, {if: important, to: sign-contract}]}", {{"SB0408", "{if: ^important, to: sign", "takes no conditions", "exclusiveGateway"}}},
  {"a boundary event on a gateway", repair, "    next:\n      - {if: route = \"merged\", to: follow", "    boundary: {late: {timer: {after: 1 h}, next: archive}}\n    next:\n      - {if: route = \"merged\", to: follow", {{"SB0112", "    ^boundary: {late", "does not belong to exclusiveGateway", "type"}}},
  {"a boundary event on work that takes no time", repair, "    set: {route: '\"crew\"', outage_state: '\"open\"'}\n", "    set: {route: '\"crew\"', outage_state: '\"open\"'}\n    boundary: {late: {timer: {after: 1 h}, next: archive}}\n", {{"SB0425", "boundary: {^late:", "takes no time", "waits"}}},
  {"an error that does not interrupt", connection, "        error: plan-expired\n        out", "        error: plan-expired\n        interrupting: false\n        out", {{"SB0425", "      ^plan-has-expired:", "must interrupt", "remove `interrupting: false`"}}},
  {"a start event in a flow", repair, "{else: archive, name: {en: settled", "{else: called-in, name: {en: settled", {{"SB0405", "{else: ^called-in", "no flow may lead to a startEvent", "the node behind"}}},
  {"two start events in a sub-process", repair, "      joined: {type: endEvent", "      again-begun: {type: startEvent, next: dispatch}\n      joined: {type: endEvent", {{"SB0403", "\n  ^handle:\n", "2 start events", "keep one"}}},
  {"an event sub-process without a trigger", repair, "{type: startEvent, name: {en: Customer calls again, zh: 客户催办}, message: chased-up, interrupting: false,", "{type: startEvent, name: {en: Customer calls again, zh: 客户催办},", {{"SB0424", "      ^chased:", "must say what triggers it", "message: ID"}}},
};

const std::vector<Breakage> wrong_promises{
  {"a mark beyond all bounds", repair, "{at: 80%, feedback: on-the-way", "{at: 1200%, feedback: on-the-way", {{"SB0116", "{at: ^1200%", "no percentage of a mark", "up to 1000"}}},
  {"a mark without its percent sign", repair, "{at: 80%, feedback: on-the-way", "{at: 80, feedback: on-the-way", {{"SB0116", "{at: ^80, feedback", "no place of a mark", "80%"}}},
  {"a mark that can never fire", zhoukou, "    within: 30 min\n", "    within: 30 min\n    marks: [{at: 45 min left, feedback: on-the-way, escalate: arrival-at-risk}, {at: breach, escalate: arrival-late, feedback: arrival-delayed}]\n", {{"SB0451", "[^{at: 45 min left", "never fires", "shorter"}}},
  {"a mark of a breach on an average", repair, "    within: {mean: 'limits(\"arrival-mean\", area, company, reported_on)'}", "    within: {mean: 'limits(\"arrival-mean\", area, company, reported_on)'}\n    marks: [{at: breach, escalate: arrival-late}]", {{"SB0112", "    ^marks: [{at: breach, escalate: arrival-late}]\n    source", "no single case breaches it", "limit"}}},
  {"stages that exceed their total", prefecture, "  survey-limit:\n", "  connect: {within: 3 bd, loosen: true, reason: example}\n  inspection: {within: 4 bd, loosen: true, reason: example}\n  stage-sum: {within: 6 bd, loosen: true, reason: example}\n  survey-limit:\n", {{"SB0454", "stage-sum: {within: ^6 bd", "7 bd together (inspection + connect), this clock allows 6 bd", "tighten a stage"}}},
  {"a clock that stops before it starts", connection, "    start: {entered: fit-meter}\n    stop: {completed: energise}\n    cancel: {entered: settle-withdrawal}\n    within: 'limits(\"connect\"", "    start: {entered: fit-meter}\n    stop: {completed: survey}\n    cancel: {entered: settle-withdrawal}\n    within: 'limits(\"connect\"", {{"SB0453", "    stop: ^{completed: survey}\n    cancel: {entered: settle-withdrawal}\n    within: 'limits(\"connect\"", "nothing leads from where the clock starts", "`start` and `stop`"}}},
  {"a feedback that nobody gets", repair, "    on: {completed: raise-urgency}\n", "", {{"SB0443", "  ^chase-up-taken:", "never given", "on:"}}},
  {"data that nothing uses", repair, "  route: {enum: [crew", "  weather: {type: string}\n  route: {enum: [crew", {{"SB0440", "  ^weather:", "'weather' is never used", "remove it"}}},
  {"work in no lane", repair, "        lane: crew\n        name: {en: Find the fault, zh: 故障查找}\n", "        name: {en: Find the fault, zh: 故障查找}\n", {{"SB0446", "      ^diagnose:", "offered to nobody in particular", "`lane:`"}}},
  {"a channel that does not exist", complaint, "channels: [phone, sms]", "channels: [phone, ssm]", {{"SB0447", "  ^answer-given:", "the channel 'ssm' stands here only", "'sms'"}}},
  {"a text in one language only", complaint, "      zh: 您的诉求{{case_no}}已办理，结果：{{answer_text}}。\n", "", {{"SB0448", "    text:\n      ^en: \"Your request {{case_no}} has been handled", "no 'zh'", "translate"}}},
  {"a lane with nothing in it", repair, "lanes:\n", "lanes:\n  nobody: {name: {en: Nobody, zh: 无}, groups: [nobody]}\n", {{"SB0441", "  ^nobody:", "nothing stands in the lane 'nobody'", "remove it"}}},
  {"a message that nothing waits for", repair, "  chased-up: {name", "  praised: {name: {en: Praised, zh: 表扬}}\n  chased-up: {name", {{"SB0442", "  ^praised:", "'praised' is declared and never used", "remove it"}}},
};

const std::vector<Breakage> wrong_overlays{
  {"an overlay that loosens a limit", prefecture, "  survey-limit:\n", "  whole-resident:\n    within: '\"6 bd\"'\n  survey-limit:\n", {{"SB0141", "within: '^\"6 bd\"'", "whether this limit is tighter", "loosen: true"}}},
  {"an overlay that loosens without a reason", zhoukou, "    reason: \"Tighter than every row of limits.yaml (45 minutes at least); the national limit is computed, so the machine cannot see it.\"\n", "", {{"SB0140", "  ^arrival:", "needs the key `reason`", "weaker"}}},
  {"an overlay whose limit nobody can compare", zhoukou, "    loosen: true\n", "", {{"SB0141", "within: ^30 min", "whether this limit is tighter", "loosen: true"}}},
  {"an overlay of an unknown clock", zhoukou, "  arrival:\n", "  arival:\n", {{"SB0142", "  ^arival:", "has no clock `arival`", "`arrival`"}}},
  {"an overlay of an unknown process", zhoukou, "of: repair", "of: repiar", {{"SB0142", "of: ^repiar", "no process `repiar`", ""}}},
  {"an overlay with an unknown feedback in a mark", prefecture, "feedback: plan-delayed}", "feedback: plan-delaid}", {{"SB0124", "feedback: ^plan-delaid", "unknown feedback `plan-delaid`", "`plan-delayed`"}}},
  {"an overlay with unknown data", zhoukou, "  urgency: {default: urgent}", "  urgancy: {default: urgent}", {{"SB0122", "  ^urgancy:", "unknown data name `urgancy`", "`urgency`"}}},
  {"an overlay with a default that cannot be", zhoukou, "  urgency: {default: urgent}", "  urgency: {default: urgend}", {{"SB0132", "default: ^urgend", "not one of `enum`", ""}}},
  {"an overlay with a typo in FEEL", zhejiang, "starts with(supply_class, \"hv\") then \"10 d\"", "starts with(suply_class, \"hv\") then \"10 d\"", {{"SB0202", "starts with(^suply_class", "unknown name `suply_class`", "`supply_class`"}}},
  {"an overlay with an unknown calendar", zhoukou, "    within: 30 min\n", "    within: 30 min\n    calendar: chh\n", {{"SB0180", "calendar: ^chh", "no calendar 'chh'", ""}}},
  {"an overlay that leaves a feedback of the process without a use", zhejiang, "    loosen: true\n    reason: \"Not weaker: 10", "    marks: [{at: breach, escalate: plan-late}]\n    loosen: true\n    reason: \"Not weaker: 10", {{"SB0443", "of: ^new-connection", "'plan-delayed' is never given", ""}}},
  {"an overlay that adds a node", zhoukou, "data:\n", "nodes: {x: {type: task, next: []}}\ndata:\n", {{"SB0107", "\n^nodes:", "unknown key `nodes`", ""}}},
};
// clang-format on

/// Line and column of the `^` in `marked`; 0:0 when the piece is not there exactly once.
model::Position place_of(const std::string& text, const std::string& marked) {
  const std::size_t caret = marked.find('^');
  const std::string piece = marked.substr(0, caret) + marked.substr(caret + 1);
  const std::size_t found = text.find(piece);
  if (found == std::string::npos || text.find(piece, found + 1) != std::string::npos) return {};
  model::Position at{1, 1};
  for (std::size_t i = 0; i < found + caret; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n')
      at = {at.line + 1, 1};
    else if ((byte & 0xC0U) != 0x80U)
      ++at.column;
  }
  return at;
}

std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

void hold(const testing::Shipped& shipped, const Breakage& b) {
  CAPTURE(b.name);
  std::string text = shipped.text(b.file);
  REQUIRE(count(text, b.before) == 1);
  text.replace(text.find(b.before), b.before.size(), b.after);
  model::Diagnostics found = shipped.check(text, b.file);
  std::erase_if(found, [](const auto& d) { return d.severity == model::Severity::advice; });
  std::string all;
  for (const auto& d : found) all += d.text() + "\n";
  CAPTURE(all);
  CHECK(found.size() == b.expected.size());
  for (std::size_t i = 0; i < std::min(found.size(), b.expected.size()); ++i) {
    CHECK(found[i].rule == b.expected[i].rule);
    CHECK(found[i].file == b.file);
    const model::Position at = place_of(text, b.expected[i].at);
    CAPTURE(b.expected[i].at);
    CHECK(at.line == found[i].at.line);
    CHECK(at.column == found[i].at.column);
    CHECK(found[i].message.find(b.expected[i].message) != std::string::npos);
    CHECK(found[i].hint.find(b.expected[i].hint) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("breakages of the shipped processes: each is found, at its place, once, with what to do") {
  const testing::Shipped shipped;
  std::size_t all = 0;
  for (const auto* group : {&wrong_names, &wrong_types, &wrong_text, &wrong_flows, &wrong_promises, &wrong_overlays}) {
    for (const Breakage& b : *group) hold(shipped, b);
    all += group->size();
  }
  std::cout << "breakages: " << all << "\n";
  CHECK(all >= 40);
}

TEST_CASE("the shipped processes unbroken: nothing but advice") {
  const testing::Shipped shipped;
  for (const auto& [file, text] : shipped.folder().texts) {
    const std::string name = std::filesystem::path(file).lexically_relative(testing::Shipped::root()).generic_string();
    if (name.find(".test.yaml") != std::string::npos) continue;
    for (const auto& d : shipped.check(text, name)) {
      CAPTURE(d.text());
      CHECK(d.severity == model::Severity::advice);
    }
  }
}
