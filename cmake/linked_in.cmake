# shoal_image, the program of the container image: the same objects as `shoal`, but what Debian has an archive of is linked
# in, so that of OpenSSL, for one, only what is used comes along. Why not everything: docs/adr/0007-image.md.
#
# A target whose property LINKS_IN is on gets linked_in_<library> where a layer says that it USES <library>.
function(linked_in library)
  string(REPLACE "::" "_" name ${library})
  add_library(linked_in_${name} INTERFACE)
  foreach(file ${ARGN})
    find_library(archive_of_${file} lib${file}.a)
    if(NOT archive_of_${file})
      message(FATAL_ERROR "lib${file}.a is not found: it comes with Debian's -dev package of ${library}")
    endif()
    target_link_libraries(linked_in_${name} INTERFACE ${archive_of_${file}})
  endforeach()
endfunction()

linked_in(OpenSSL::SSL ssl crypto)
linked_in(OpenSSL::Crypto crypto)
linked_in(lmdb lmdb)
linked_in(deflate deflate)

# Debian has no archive of spdlog and fmt, but all of their sources, among the headers.
add_library(linked_in_spdlog_spdlog STATIC EXCLUDE_FROM_ALL cmake/spdlog.cpp)
set_source_files_properties(cmake/spdlog.cpp PROPERTIES COMPILE_OPTIONS -ffunction-sections)

# <variable> becomes what to link for <library>: it, or what is linked in.
function(linkable variable library)
  string(REPLACE "::" "_" name ${library})
  if(TARGET linked_in_${name})
    set(${variable} "$<IF:$<BOOL:$<TARGET_PROPERTY:LINKS_IN>>,linked_in_${name},${library}>" PARENT_SCOPE)
  else()
    set(${variable} ${library} PARENT_SCOPE)
  endif()
endfunction()
