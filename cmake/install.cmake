# cmake --install: the program, libs2s (shared and static), its headers and a pkg-config file.
#
# The layers stay the libraries that the program and the tests link; libs2s is made of their object files, so
# that nothing is compiled twice.
include(GNUInstallDirs)

get_property(layers GLOBAL PROPERTY S2S_LAYERS)
list(REMOVE_ITEM layers cli)
set(libraries)
foreach(layer ${layers})
  get_target_property(linked s2s_${layer} LINK_LIBRARIES)
  list(APPEND libraries ${linked})
endforeach()
list(FILTER libraries EXCLUDE REGEX "^s2s_")
list(REMOVE_DUPLICATES libraries)
list(TRANSFORM layers REPLACE "(.+)" "$<TARGET_OBJECTS:s2s_\\1>" OUTPUT_VARIABLE objects)

foreach(kind SHARED STATIC)
  string(TOLOWER libs2s_${kind} target)
  add_library(${target} ${kind} ${objects})
  target_link_libraries(${target} PRIVATE ${libraries})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME s2s LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endforeach()

if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  target_link_options(libs2s_shared PRIVATE
    LINKER:--version-script=${CMAKE_SOURCE_DIR}/cmake/libs2s.map)
  set_target_properties(libs2s_shared PROPERTIES LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/libs2s.map)
endif()

# The file finds its prefix from where it lies, so that an installed tree can be moved.
file(RELATIVE_PATH S2S_PREFIX_FROM_PC
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
set(S2S_PRIVATE_LIBRARIES "-lblis ${OpenMP_C_FLAGS} -lstdc++ -lm")
if(S2S_HAVE_ONEDNN)
  string(PREPEND S2S_PRIVATE_LIBRARIES "-ldnnl ")
endif()
configure_file(${CMAKE_SOURCE_DIR}/cmake/s2s.pc.in ${CMAKE_BINARY_DIR}/s2s.pc @ONLY)

if(TARGET s2s)
  install(TARGETS s2s RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS libs2s_shared libs2s_static
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/s2s DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
install(FILES ${CMAKE_BINARY_DIR}/s2s.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
