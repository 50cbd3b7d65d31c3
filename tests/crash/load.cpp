#include "load.hpp"

namespace switchboard::testing {

std::string_view load_process() {
  return R"(
switchboard: 1
process: load
customer: customer_no
data:
  customer_no: {type: string, default: "1001"}
  heard: string
  reply: string
  job_no: string
nodes:
  begin: {type: startEvent, next: fork}
  fork: {type: parallelGateway, next: [approve, paid, job, ask]}
  approve:
    type: userTask
    groups: [clerks]
    next: join
    boundary:
      remind: {timer: {after: 60 ms}, interrupting: false, next: reminded}
  reminded: {type: endEvent}
  paid: {type: intermediateCatchEvent, message: paid, out: {heard: text}, next: join}
  job: {type: serviceTask, job: work, out: {job_no: number}, next: join}
  ask: {type: callActivity, process: answer, out: {reply: reply}, next: join}
  join: {type: parallelGateway, next: done}
  done: {type: endEvent}
sla:
  promise:
    start: {process: started}
    stop: {completed: join}
    within: 150 ms
    marks:
      - {at: 50%, feedback: half-time}
      - {at: breach, escalate: too-late}
feedback:
  half-time: {channels: [sms], text: {en: "Half of the time is over."}}
messages:
  paid: {payload: {text: string}}
)";
}

std::string_view answer_process() {
  return R"(
switchboard: 1
process: answer
data:
  reply: string
nodes:
  begin: {type: startEvent, next: think}
  think: {type: scriptTask, set: {reply: '"yes"'}, next: done}
  done: {type: endEvent}
)";
}

Result<void> deploy_load(Engine& engine) {
  SB_TRYV(engine.deploy(answer_process(), "answer.yaml"));
  SB_TRYV(engine.deploy(load_process(), "load.yaml"));
  return success();
}

}  // namespace switchboard::testing
