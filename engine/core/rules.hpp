// Ids of what the core refuses (the command did not fit: nothing changed) and of the incidents it raises (the model failed at run time: repairable).
#pragma once

#include <string_view>

namespace switchboard::core::rules {

// Refusals.
inline constexpr std::string_view data_refused = "SB0501";      ///< a value does not fit its data item, or a name is not declared
inline constexpr std::string_view wrong_state = "SB0502";       ///< the case has ended, is suspended, or was started already
inline constexpr std::string_view start_unclear = "SB0503";     ///< no such start event, or several to choose from
inline constexpr std::string_view not_there = "SB0504";         ///< no such open work or incident
inline constexpr std::string_view not_yours = "SB0505";         ///< the work is for other people, or somebody else has it
inline constexpr std::string_view nobody_waits = "SB0506";      ///< the subscription is closed: the message is for nobody here
inline constexpr std::string_view too_early = "SB0508";         ///< a timer, mark or retry before it is due
inline constexpr std::string_view wrong_work_state = "SB0509";  ///< the work cannot do this move now
inline constexpr std::string_view malformed = "SB0510";         ///< the command itself is wrong (result is not a context, another definition, ...)
inline constexpr std::string_view claim_over =
    "SB0511";  ///< the claim whose token was shown is over: the work failed, was given back, or is somebody else's by now
inline constexpr std::string_view too_large = "SB0512";             ///< a value, the case or what one command does would be larger than its bound
inline constexpr std::string_view clock_stays = "SB0513";           ///< the clock cannot be changed so: it has ended, is late, is not held, ...
inline constexpr std::string_view set_by_process = "SB0533";        ///< data that only the process sets, handed in by somebody
inline constexpr std::string_view form_refused = "SB0534";          ///< a result without what its form requires, or outside its choices or bounds
inline constexpr std::string_view unknown_organisation = "SB0535";  ///< no unit of the company has that id
inline constexpr std::string_view other_organisation = "SB0536";    ///< the case or work belongs to a unit that the caller is not above
inline constexpr std::string_view cannot_begin = "SB0516";          ///< the activity of an ad-hoc sub-process cannot begin now

// Incidents. Each says what ResolveIncident does.
inline constexpr std::string_view cannot_enter = "SB0520";  ///< an expression of the element failed; resolving performs the element again
inline constexpr std::string_view cannot_leave = "SB0521";  ///< a condition is not boolean, or no flow could be taken; resolving decides again
inline constexpr std::string_view cannot_take =
    "SB0522";  ///< a result could not be mapped; resolving takes it again, with the data that the operator gives in place of what does not fit
inline constexpr std::string_view job_failed = "SB0523";  ///< no retries left; resolving offers the work again
inline constexpr std::string_view uncaught_error =
    "SB0524";  ///< nobody catches the BPMN error; resolving repeats the work or call, an end event simply ends
inline constexpr std::string_view step_bound = "SB0525";       ///< one command caused too many events: the token rests here; resolving lets it go on
inline constexpr std::string_view clock_failed = "SB0526";     ///< the limit of a clock could not be evaluated; resolving starts it again
inline constexpr std::string_view register_failed = "SB0583";  ///< a row of a register could not be read or written; resolving does it again
inline constexpr std::string_view call_failed = "SB0527";      ///< the called case was cancelled or could not run; resolving calls again
inline constexpr std::string_view stuck = "SB0528";  ///< nothing can ever happen here again; resolving lets the gateway go on with what has arrived
inline constexpr std::string_view cannot_arm = "SB0529";  ///< an event could not begin to wait, or a message has no key; resolving tries again
inline constexpr std::string_view errand_failed =
    "SB0530";  ///< what the case wants of others could not be done; resolving does it again, dropping it leaves it undone
inline constexpr std::string_view chain_too_long =
    "SB0531";  ///< messages, signals and calls led from one to the next without anything waiting; as SB0530
inline constexpr std::string_view never_waits = "SB0532";  ///< a timer comes due again and again at once; resolving sets it anew

}  // namespace switchboard::core::rules
