# switchboard_room(NAME [USES room...] [PUBLIC lib...] [PRIVATE lib...])
# One folder = one static library = one namespace. A room links only the rooms it names, so an upward call does not link.
set(SWITCHBOARD_ROOMS base value calendar feel model notation exchange verify workspace sla core driver store runtime simulation report)

# With sanitizers the rest is compiled without optimisation, in half the time; these make the tests too slow then.
set(SWITCHBOARD_HOT_ROOMS base value calendar feel verify sla core driver simulation)

function(switchboard_compile_options target)
  if(SWITCHBOARD_WERROR)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wnull-dereference -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # False alarms of g++ 12 inside libstdc++ at -O2 and above (GCC bugs 105329, 105651, 108036).
      target_compile_options(${target} PRIVATE -Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
    endif()
  endif()
  get_target_property(in_pieces ${target} UNITY_BUILD)
  if(in_pieces)
    # A local name that another file of the piece uses in its unnamed namespace shadows nothing; the builds file by file look for real ones.
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
  target_compile_options(${target} PRIVATE -fstack-protector-strong)
  if(SWITCHBOARD_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${SWITCHBOARD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${SWITCHBOARD_SANITIZE})
  endif()
endfunction()

# Files compiled together read their headers once, which halves the time of a build from nothing (decision 0027): those of tests and command line, or
# of the rooms too. A name in an unnamed namespace is then one name in the whole room.
set(SWITCHBOARD_PIECES all CACHE STRING "What is compiled several files at a time: none, tests (and command line), all")
set_property(CACHE SWITCHBOARD_PIECES PROPERTY STRINGS none tests all)
function(switchboard_pieces target files_in_a_piece)
  if(NOT SWITCHBOARD_PIECES STREQUAL "none")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${files_in_a_piece})
  endif()
endfunction()

function(switchboard_room name)
  cmake_parse_arguments(ROOM "" "" "USES;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_library(switchboard_${name} STATIC ${sources})
  add_library(switchboard::${name} ALIAS switchboard_${name})
  target_include_directories(switchboard_${name} PUBLIC
    "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>" "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>")
  foreach(used IN LISTS ROOM_USES)
    if(TARGET switchboard_${used})
      target_link_libraries(switchboard_${name} PUBLIC switchboard_${used})
    endif()
  endforeach()
  target_link_libraries(switchboard_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
  if(SWITCHBOARD_SANITIZE AND name IN_LIST SWITCHBOARD_HOT_ROOMS)
    target_compile_options(switchboard_${name} PRIVATE -O1)
  endif()
  # One translation unit per lifecycle: each is a state machine of Boost.MSM, dear by itself.
  file(GLOB machines CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/lifecycle_*.cpp")
  set_source_files_properties(${machines} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(SWITCHBOARD_PIECES STREQUAL "all")
    switchboard_pieces(switchboard_${name} 10)
  endif()
  switchboard_compile_options(switchboard_${name})
endfunction()
