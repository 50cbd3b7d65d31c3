# Outside libraries, all from Debian's or Ubuntu's packages (the list to install is in ./run).
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(date REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(EXPAT REQUIRED)
# Boost 1.81 is the first whose MSM compiles as C++20.
set(Boost_NO_WARN_NEW_VERSIONS ON)
find_package(Boost 1.81 REQUIRED)

# Outside headers are not ours to warn about.
if(TARGET yaml-cpp::yaml-cpp)
  set(SWITCHBOARD_YAML yaml-cpp::yaml-cpp)
else()
  set(SWITCHBOARD_YAML yaml-cpp)
endif()
