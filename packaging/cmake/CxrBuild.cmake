# How every target of Precordia is built: compiler flags, ccache, mold, sanitizers, lint, and the
# helpers that keep the folders' CMakeLists.txt short.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CXR_CCACHE ccache)
if(CXR_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CXR_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CXR_CCACHE})
endif()
find_program(CXR_MOLD mold)
if(CXR_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wno-unknown-pragmas)
add_compile_definitions(QT_NO_KEYWORDS)
if(CXR_SANITIZE)
  add_compile_options(-fsanitize=${CXR_SANITIZE} -fno-omit-frame-pointer)
  # norelro: in one test run the loader failed to write-protect the relocations of one such program (ENOMEM); tests need no such guard.
  add_link_options(-fsanitize=${CXR_SANITIZE} -Wl,-z,norelro)
endif()
if(CXR_SANITIZE_NOT)
  add_compile_options(-fno-sanitize=${CXR_SANITIZE_NOT})
endif()
if(CXR_LIBFUZZER)  # coverage of everything, and the first undefined behaviour ends the run
  add_compile_options(-fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined)
endif()
if(CXR_LINT)
  find_program(CXR_CLANG_TIDY NAMES clang-tidy clang-tidy-14 REQUIRED)
  set(CXR_TIDY_COMMAND ${CXR_CLANG_TIDY} --quiet)
endif()

# One precompiled header for everything that links core/nn, core/explain or core/train: two thirds of their compile time is torch.h.
# It takes 800 MB in each build folder and, compressed, 115 MB in ccache, which must be told that a precompiled header
# may be trusted. OFF compiles as without it, and shows whether each file includes what it uses.
option(CXR_TORCH_HEADER "Precompiled torch header" OFF)
function(cxr_precompile_torch target)
  if(NOT CXR_TORCH_HEADER)
    return()
  endif()
  if(target STREQUAL "cxr_nn")
    target_precompile_headers(${target} PRIVATE <torch/torch.h> <nlohmann/json.hpp>)
  else()
    target_precompile_headers(${target} REUSE_FROM cxr_nn)
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${target}_autogen/mocs_compilation.cpp
      PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
  if(CXR_CCACHE)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CXR_CCACHE}")
  endif()
endfunction()

# Where the sources and the programs of this build are, for the tests that include "build_paths.h". In a file and not among the
# flags, so that every other object comes from the compiler cache in whatever folder it is built.
set(CXR_GENERATED_DIR ${CMAKE_BINARY_DIR}/generated)
file(CONFIGURE OUTPUT ${CXR_GENERATED_DIR}/build_paths.h CONTENT
"#pragma once
#define CXR_SOURCE_DIR \"${CMAKE_SOURCE_DIR}\"
#define CXR_BIN_DIR \"${CMAKE_BINARY_DIR}/bin\"
#define CXR_TEST_DIR \"${CMAKE_BINARY_DIR}/tests\"
")

# cxr_library(image SOURCES a.cpp b.cpp LINKS cxr_base opencv_core): static library cxr_<name> of this folder.
function(cxr_library name)
  cmake_parse_arguments(ARG "NO_LINT;MOC" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(cxr_${name} STATIC ${ARG_SOURCES})
  target_include_directories(cxr_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(cxr_${name} PUBLIC ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  if(name STREQUAL "nn" OR "cxr_nn" IN_LIST ARG_LINKS)
    cxr_precompile_torch(cxr_${name})
  endif()
  if(ARG_MOC)
    set_target_properties(cxr_${name} PROPERTIES AUTOMOC ON)
  endif()
  if(CXR_TIDY_COMMAND AND NOT ARG_NO_LINT)
    set_target_properties(cxr_${name} PROPERTIES CXX_CLANG_TIDY "${CXR_TIDY_COMMAND}")
  endif()
endfunction()

# cxr_test(core/image/tst_pixel_chain LINKS cxr_image [LABELS unit] [SERIAL] [TIMEOUT seconds]): one Qt Test executable,
# source tests/<path>.cpp, named after the file. Labels: unit gui golden slow network layout fuzz reference threads.
# Suites in which threads meet have the label threads; the target thread_suites builds them (preset tsan).
function(cxr_test path)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "LINKS;LABELS;SOURCES" ${ARGN})
  get_filename_component(name ${path} NAME)
  add_executable(${name} ${CMAKE_SOURCE_DIR}/tests/${path}.cpp ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE Qt6::Test ${ARG_LINKS})
  if("cxr_nn" IN_LIST ARG_LINKS OR "cxr_explain" IN_LIST ARG_LINKS OR "cxr_train" IN_LIST ARG_LINKS)
    cxr_precompile_torch(${name})
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CXR_GENERATED_DIR})
  add_test(NAME ${path} COMMAND ${name})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if("threads" IN_LIST ARG_LABELS)
    set_property(GLOBAL APPEND PROPERTY CXR_THREAD_SUITES ${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(CXR_SANITIZE)
    math(EXPR ARG_TIMEOUT "5 * ${ARG_TIMEOUT}")
  endif()
  set_tests_properties(${path} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} RUN_SERIAL ${ARG_SERIAL}
    ENVIRONMENT "PRECORDIA_PRECISION=float32;QT_QPA_PLATFORM=offscreen;GOMP_SPINCOUNT=10000;OMP_WAIT_POLICY=passive;QT_LOGGING_RULES=qt.qpa.*=false;UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1;LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/leaks.supp;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/support/threads.supp:die_after_fork=0")
endfunction()
