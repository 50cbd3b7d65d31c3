# `cmake --install`: libraries, public headers, package config, processes. find_package(switchboard) then gives switchboard::switchboard.
if(NOT SWITCHBOARD_INSTALL)
  return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(installed switchboard)
foreach(room IN LISTS SWITCHBOARD_ROOMS)
  if(TARGET switchboard_${room})
    list(APPEND installed switchboard_${room})
    set_target_properties(switchboard_${room} PROPERTIES EXPORT_NAME room_${room})
  endif()
endforeach()
install(TARGETS ${installed} EXPORT switchboardTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT switchboardTargets NAMESPACE switchboard:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/switchboard)

install(DIRECTORY include/switchboard DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/processes" DESTINATION ${CMAKE_INSTALL_DATADIR}/switchboard)

configure_package_config_file(cmake/switchboardConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/switchboardConfig.cmake"
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/switchboard)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/switchboardConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/switchboardConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/switchboardConfigVersion.cmake"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/switchboard)
