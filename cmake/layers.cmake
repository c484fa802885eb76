# s2s_warnings(TARGET): what every C file of ours is compiled with.
function(s2s_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wpointer-arith -Wwrite-strings
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${S2S_WERROR}>:-Werror>)
endfunction()

# s2s_layer(NAME SOURCES... LAYERS below... LIBRARIES external...): one folder of src/ as one library.
#
# LAYERS are the folders that this one may include from; tests/include_graph checks that no other arrow is
# drawn.
function(s2s_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LAYERS;LIBRARIES" ${ARGN})
  add_library(s2s_${name} STATIC ${ARG_SOURCES})
  target_include_directories(s2s_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
  s2s_warnings(s2s_${name})
  target_compile_definitions(s2s_${name} PUBLIC _POSIX_C_SOURCE=200809L
    $<$<BOOL:${S2S_DOUBLE}>:S2S_DOUBLE> S2S_VERSION="${PROJECT_VERSION}")
  foreach(layer ${ARG_LAYERS})
    target_link_libraries(s2s_${name} PUBLIC s2s_${layer})
  endforeach()
  target_link_libraries(s2s_${name} PUBLIC ${ARG_LIBRARIES} m)
  set_property(GLOBAL APPEND PROPERTY S2S_LAYERS ${name}) # install.cmake makes libs2s of them
endfunction()
