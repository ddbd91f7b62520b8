# Writes a header with the SHA-256 of source files, so that what was computed and kept on disk is known to come from the
# same code. Run by a build rule:
#   cmake -DOUTPUT=FILE.h -DNAME=kName "-DFILES=a.cpp;b.h" -DEXTRA=words -P CodeHash.cmake
cmake_minimum_required(VERSION 3.25)
set(text "${EXTRA}")
list(SORT FILES)
foreach(file IN LISTS FILES)
  file(SHA256 "${file}" hash)
  get_filename_component(name "${file}" NAME)
  string(APPEND text "\n${name} ${hash}")
endforeach()
string(SHA256 hash "${text}")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "// Made by packaging/cmake/CodeHash.cmake.
#pragma once

namespace cxr {

inline constexpr const char* @NAME@ = \"@hash@\";

}  // namespace cxr
" @ONLY)
