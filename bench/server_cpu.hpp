// CPU time from /proc: of the server that is measured, of this process, and of the whole machine.
#pragma once

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

namespace parley::bench {

struct CpuTimes {
  double at_s = 0;
  double server_s = 0;
  double own_s = 0;
  double all_s = 0;  // whatever ran on any core, what the host took included

  static CpuTimes now(int server_pid) {
    const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration<double>(since_start).count(), of_process(std::to_string(server_pid)), of_process("self"),
            of_machine()};
  }
  static double of_process(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(')');
    if (name_end == text.npos) return 0;
    std::istringstream fields(text.substr(name_end + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / ticks();
  }

 private:
  static double ticks() { return static_cast<double>(::sysconf(_SC_CLK_TCK)); }
  static double of_machine() {
    std::ifstream file("/proc/stat");
    std::string name;
    double user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft_irq = 0, steal = 0;
    file >> name >> user >> nice >> system >> idle >> wait >> irq >> soft_irq >> steal;
    return (user + nice + system + irq + soft_irq + steal) / ticks();
  }
};

}  // namespace parley::bench
