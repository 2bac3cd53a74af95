# For PARLEY_SANITIZE=thread: whatever links librdkafka links the C11 shim (c11shim.c) with it, ahead of libc. Include it
# behind pkg_check_modules(RDKAFKA …). Run the executables with TSAN_OPTIONS=suppressions=infra/tsan/tsan.supp.
add_library(parley_c11shim SHARED ${CMAKE_CURRENT_LIST_DIR}/c11shim.c)
target_compile_options(parley_c11shim PRIVATE -fno-sanitize=thread)
target_link_options(parley_c11shim PRIVATE -fno-sanitize=thread)
set_property(TARGET PkgConfig::RDKAFKA APPEND PROPERTY INTERFACE_LINK_LIBRARIES parley_c11shim)
