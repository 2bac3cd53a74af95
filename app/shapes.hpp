// The shapes of the program: what each verb puts together and runs until it is told to stop. Each returns the exit code; what
// keeps it from starting is one line on standard error.
#pragma once

#include "app/options.hpp"

namespace parley::app {

int run_serve(const Options& options);
int run_ingest(const Options& options);
int run_projector(const Options& options);
int run_broadcaster(const Options& options);
int run_query_api(const Options& options);

int run_token(const Options& options);
int run_replay(const Options& options);
int run_verify(const Options& options);
int run_dead_letters(const Options& options);
int run_import(const Options& options);

// One line on standard error; returns the exit code of a start that failed.
int fail(const std::string& why);

}  // namespace parley::app
