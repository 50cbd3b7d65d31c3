// What another system sends and takes: the messages that processes exchange with it.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/process.hpp"

namespace switchboard::model {

struct ContractMessage {
  std::string id;
  Position at;
  Text name;
  bool is_sent_to_us = true;  ///< `direction: in`; else we send it
  std::string key;            ///< what the key is, in words
  std::string sender;         ///< who or what sends it, in words
  std::vector<std::pair<std::string, feel::Type>> payload;
  std::set<std::string> required;  ///< fields that are always there
  Value example;                   ///< a context of the payload; null: none
};

struct Contract {
  std::string id;
  std::string file;
  Position at;
  Text name;
  std::vector<ContractMessage> messages;
};

}  // namespace switchboard::model
