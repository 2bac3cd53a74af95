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
// What is wrong with the answers to a socket's resumes in a partition, if it hears that live from a record on; empty: nothing.
std::string wrong_with_resumes(const System& system, const Truth& truth, const Client& client, const Session& session,
                               std::uint32_t partition, std::uint64_t begin);
// Of every page of history that a client got: it is what the channel was at its version, without what was erased by then.
void judge_pages(const System& system, const Truth& truth);
// Of every member: he reads all the messages, in their last form; as many are unread, and name him, as he has not read; and his
// cursors are where he moved them.
void judge_reads(System& system, const Truth& truth);
// Of every user who was erased: what he had been acknowledged before is dead, and nothing that is dead is in any table, or in
// the log to be read.
void judge_erasures(System& system, const Truth& truth);
// Folding the log from zero gives the tables of the projector and of the broadcaster.
void judge_tables(System& system);

}  // namespace parley::sim
