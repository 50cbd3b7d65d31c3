#!/usr/bin/env bash
# A new connection (新装) and a fault repair (故障报修) from application to callback and archive, on SQLite, verb by verb: every line below is a process of the operating
# system of its own, so each goes on from what the one before left on disk. usage: demo.sh [PATH_OF_SWITCHBOARD]
set -euo pipefail
sb=$(command -v "${1:-switchboard}" || true)
[ -n "$sb" ] || { echo "demo: no command line '${1:-switchboard}': ./run build makes it" >&2; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
db=$dir/demo.db
now=2026-02-12T09:00

title() { printf '\n\033[1m=== %s\033[0m\n' "$*"; }
# at INSTANT: the clock of what follows; what fell due on the way fires.
at() { now=$1; "$sb" --db "$db" --now "$now" tick >/dev/null; }
run() { printf '\033[2m%s $ switchboard %s\033[0m\n' "$now" "$*"; "$sb" --db "$db" --now "$now" "$@"; }
done_by() { # CASE NODE BY [JSON]
  run complete --case "$1" "$2" --by "$3" --data "${4:-{\}}"
}

title "New connection for a household, accepted two days before the Spring Festival of 2026"
run start new-connection --case N-1 --data '{"applicant": "李明", "phone": "13900000001", "supply_class": "resident", "capacity_kva": 8}'
done_by N-1 check-documents hall-1 '{"documents_complete": false, "missing_documents": ["产权证明"]}'
at 2026-02-13T10:00
run message documents-supplied --case N-1
done_by N-1 check-documents hall-1 '{"documents_complete": true, "customer_no": "2001"}'
title "Its promises: working days skip the nine days off and count the Saturday 02-14 and 02-28 that are worked"
run clocks --case N-1

title "The same evening a fault is reported"
at 2026-02-13T19:00
run start repair --case R-1 --data '{"customer_no": "1001", "phone": "13800000001", "area": "urban", "address": "和平路1号", "symptom": "全户无电"}'
at 2026-02-13T19:01
done_by R-1 dispatch wang '{"fault_class": "lv", "route": "crew", "crew": "抢修一班"}'
at 2026-02-13T19:02
done_by R-1 accept-order crew-1 '{"order_returned": false}'
title "48 minutes pass: the customer knows that the crew is on its way; 80 % of the hour are gone, the supervisor is warned"
at 2026-02-13T19:48
run outbox --case R-1
title "The crew arrives 75 minutes after the report: the promise is broken, the flag stays, somebody has to explain"
at 2026-02-13T20:15
done_by R-1 arrive crew-1
done_by R-1 explain-arrival agent-7 '{"explanation": "暴雨积水,道路中断"}'
done_by R-1 diagnose crew-1 '{"fault_cause": "跌落熔断器熔断", "internal_fault": false}'
done_by R-1 estimate crew-1 '{"estimated_restoration": "2026-02-13T21:30:00"}'
at 2026-02-13T21:10
done_by R-1 clear-fault crew-1 '{"handling": "更换熔丝"}'
done_by R-1 restore crew-1
done_by R-1 return-order crew-1 '{"handling": "更换熔丝,恢复送电"}'
done_by R-1 review-order wang '{"order_rejected": false}'
title "No calls after 21:00: the callback waits for the morning, and the agent sees which promises broke"
at 2026-02-14T08:30
run work --case R-1
done_by R-1 call-back/dial agent-3 '{"outcome": "satisfied"}'
done_by R-1 archive archive-robot

title "The new connection goes on"
at 2026-02-14T15:00
done_by N-1 book-survey surveyor-2 '{"survey_at": "2026-02-14T16:00"}'
at 2026-02-14T16:00
done_by N-1 survey surveyor-2 '{"works_by": "none"}'
at 2026-02-24T10:00
done_by N-1 answer-plan engineer-5 '{"plan_no": "P-1", "plan_agreed": true}'
done_by N-1 sign-contract hall-1 '{"contract_no": "H-1", "contract_signed": true, "fees": 0}'
done_by N-1 allot-meter crew-4 '{"meter_no": "M-1", "visit_at": "2026-02-25T11:00"}'
at 2026-02-25T11:00
done_by N-1 fit-meter crew-4 '{"meter_no": "M-1"}'
done_by N-1 energise crew-4
done_by N-1 archive archive-robot '{"archive_no": "A-1"}'
at 2026-02-25T14:00
done_by N-1 call-back/dial agent-3 '{"outcome": "very-satisfied"}'

title "Both cases are archived"
run instances
title "Their promises"
run clocks
title "What the customers and the supervisors were told"
run outbox
title "History of the repair"
run history --case R-1
title "The database holds what it should"
run fsck
[ "$("$sb" --db "$db" --now "$now" instances --json | grep -c '"state": "completed"')" -ge 4 ] || { echo "demo: not every case ended" >&2; exit 1; }
printf '\n\033[1mDone.\033[0m Look around: switchboard play processes/repair.yaml --auto --seed 1; switchboard simulate processes/repair.scenario.yaml\n'
