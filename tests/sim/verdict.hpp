// Whether a run, once all is quiet, kept what Parley promises. Each is told as a failure of the test that is running.
#pragma once

#include "tests/sim/system.hpp"
#include "tests/sim/truth.hpp"

namespace parley::sim {

// Of every socket: between its hello and its close it got the events of each partition, each once and in order, from where it
// was attached up to the close; one that is open got all.
void judge_sockets(const System& system, const Truth& truth);
// Of every wish that was answered: it is in the log, was decided as it was answered, and a message is there once.
void judge_answers(const System& system, const Truth& truth);
// Of every page of history that a client got: it is what the channel was at its version.
void judge_pages(const System& system, const Truth& truth);
// Of every member: he reads all the messages, in their last form, and as many are unread as he has not read.
void judge_reads(System& system, const Truth& truth);
// Folding the log from zero gives the tables of the projector and of the broadcaster.
void judge_tables(System& system);

}  // namespace parley::sim
