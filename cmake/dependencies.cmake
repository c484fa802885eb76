# The libraries that s2s stands on. tools/setup installs them; README says why each is there.
find_package(PkgConfig REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS C)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(SENTENCEPIECE REQUIRED IMPORTED_TARGET sentencepiece)

# Debian's BLIS has no pkg-config file.
find_path(BLIS_INCLUDE_DIR blis.h PATH_SUFFIXES blis blis-openmp REQUIRED)
find_library(BLIS_LIBRARY blis PATH_SUFFIXES blis-openmp REQUIRED)
add_library(blis UNKNOWN IMPORTED)
set_target_properties(blis PROPERTIES
  IMPORTED_LOCATION ${BLIS_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${BLIS_INCLUDE_DIR})

# oneDNN's own CMake file asks for the headers of OpenCL, which Debian's package does not bring.
set(S2S_HAVE_ONEDNN OFF)
if(S2S_ONEDNN AND NOT S2S_DOUBLE)
  find_path(DNNL_INCLUDE_DIR dnnl.h)
  find_library(DNNL_LIBRARY dnnl)
  if(DNNL_INCLUDE_DIR AND DNNL_LIBRARY)
    set(S2S_HAVE_ONEDNN ON)
    add_library(dnnl UNKNOWN IMPORTED)
    set_target_properties(dnnl PROPERTIES
      IMPORTED_LOCATION ${DNNL_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${DNNL_INCLUDE_DIR})
  endif()
endif()
