// Writes down the records of switchboard/records.hpp for those who do not read C++: the comments of the C header, the records of Python and
// docs/answers.md.
//   describe CHECKOUT          says which of them are not what the descriptions say; exit code 1 when there is one
//   describe CHECKOUT --write  writes them anew
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "described.hpp"

namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Made {
  const char* path;
  std::string text;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || (argc == 3 && std::string_view(argv[2]) != "--write")) {
    std::cerr << "usage: describe CHECKOUT [--write]\n";
    return 2;
  }
  const std::string checkout = std::string(argv[1]) + "/";
  const char* header = "bindings/c/include/switchboard.h";
  const Made all[] = {{header, vocabulary::c_header(content_of(checkout + header))},
                      {"bindings/python/src/switchboard/_records.py", vocabulary::python_records()},
                      {"docs/answers.md", vocabulary::document()}};
  int code = 0;
  for (const Made& made : all) {
    const std::string path = checkout + made.path;
    if (content_of(path) == made.text) continue;
    if (argc == 3) {
      std::ofstream file(path, std::ios::binary);
      file << made.text;
      if (!file.flush()) {
        std::cerr << path << " cannot be written\n";
        return 1;
      }
      std::cout << "written: " << made.path << '\n';
    } else {
      std::cout << made.path << " is not what engine/include/switchboard/records.hpp says; renew it with: " << argv[0] << ' ' << argv[1]
                << " --write\n";
      code = 1;
    }
  }
  return code;
}
