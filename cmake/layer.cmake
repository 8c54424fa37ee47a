# layer(<folder> [SEES folder...] [USES library...])
#
# A folder of the project (all its .cpp files, not those of folders below) as a static library named after its path:
# protocol/value is the target protocol_value. Its headers are reachable only through an include root of its own
# (build/sees/<target>, which holds one link at <folder>), so `#include "protocol/value/number.h"` works for the layers
# that list protocol/value in SEES, directly or through another, and does not compile anywhere else.
function(layer folder)
  cmake_parse_arguments(layer "" "" "SEES;USES" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  cmake_path(GET folder PARENT_PATH parent)
  set(root ${CMAKE_BINARY_DIR}/sees/${name})
  file(MAKE_DIRECTORY ${root}/${parent})
  # Only this folder's own headers: a link to the folder itself would let through those of the folders below it.
  file(MAKE_DIRECTORY ${root}/${folder})
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.h)
  foreach(header ${headers})
    cmake_path(GET header FILENAME file)
    file(CREATE_LINK ${header} ${root}/${folder}/${file} SYMBOLIC)
  endforeach()

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(TRANSFORM layer_SEES REPLACE "/" "_")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${root})
    target_link_libraries(${name} PUBLIC ${layer_SEES})
    foreach(library ${layer_USES})
      linkable(library ${library})
      target_link_libraries(${name} PRIVATE ${library})
    endforeach()
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${root})
    target_link_libraries(${name} INTERFACE ${layer_SEES})
  endif()
endfunction()

# rarely_run(<folder...>): layers whose code runs once, or when somebody asks: small rather than fast in a release. The
# image counts every 100 KB (docs/adr/0007-image.md).
function(rarely_run)
  foreach(folder ${ARGN})
    string(REPLACE "/" "_" name ${folder})
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endforeach()
endfunction()

# layer_tests(<folder> [SEES folder...] [USES library...]): tests/<folder>/*_test.cpp as the Catch2 program
# <target>_tests, run by ctest from the source folder.
function(layer_tests folder)
  cmake_parse_arguments(layer "" "" "SEES;USES" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  list(TRANSFORM layer_SEES REPLACE "/" "_")
  add_executable(${name}_tests ${sources} $<TARGET_OBJECTS:catch_main>)
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name}_tests PRIVATE ${name} ${layer_SEES} ${layer_USES} Catch2::Catch2)
  add_test(NAME ${name} COMMAND ${name}_tests WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# fuzz_target(<name> SOURCE file SEES folder...): a libFuzzer program, with the preset `fuzz` only.
function(fuzz_target name)
  if(NOT SHOAL_FUZZ)
    return()
  endif()
  cmake_parse_arguments(fuzz "" "SOURCE" "SEES" ${ARGN})
  list(TRANSFORM fuzz_SEES REPLACE "/" "_")
  add_executable(fuzz_${name} ${fuzz_SOURCE})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_${name} PRIVATE ${fuzz_SEES})
endfunction()
