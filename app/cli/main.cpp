// precordia-cli: everything the window can compute, without a display. One verb for each task; commands/ has them.
#include <csignal>
#include <cstdio>
#include <exception>
#include <thread>
#include <unistd.h>

#include "app/cli/command.h"
#include "app/cli/commands/analyze.h"
#include "app/cli/commands/heartspot.h"
#include "app/cli/commands/info.h"
#include "app/cli/commands/phantom.h"
#include "app/cli/commands/report.h"
#include "app/reexec.h"

namespace cxr::cli {
namespace {

// Turns the first Ctrl-C (or SIGTERM) into a stop request, the second into an end. The signals are blocked in every
// thread and taken here one by one, so that nothing runs in signal context.
class InterruptWatch {
  public:
    InterruptWatch() {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        m_thread = std::jthread([this](const std::stop_token& done) { watch(done); });
    }
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

  private:
    void watch(const std::stop_token& done) {
        const timespec interval{0, 100'000'000};
        while (!done.stop_requested()) {
            if (sigtimedwait(&m_signals, nullptr, &interval) < 0) continue;
            if (m_source.stop_requested()) ::_exit(kInterrupted);
            m_source.request_stop();
        }
    }

    sigset_t m_signals{};
    std::stop_source m_source;
    std::jthread m_thread;
};

// CLI11's own words for an unknown verb only say that one is missing.
std::string usageSentence(const CLI::App* program, const CLI::Error& error) {
    std::string reason = error.what();
    const std::vector<std::string> unknown = program->remaining();
    if (program->get_subcommands().empty() && !unknown.empty()) reason = "there is no verb \"" + unknown.front() + "\"";
    return "precordia-cli: " + reason + "; see --help.\n";
}

void addVerbs(CLI::App& program, CommandRun& chosen) {
    addAnalyze(program, chosen);
    addReport(program, chosen);
    addInfo(program, chosen);
    addHeartSpot(program, chosen);
    addPhantom(program, chosen);
}

int run(int argc, char** argv) {
    CLI::App program{"Precordia on the command line: chest X-rays analysed with reasons. Not for diagnostic use.",
                     "precordia-cli"};
    program.set_version_flag("--version", std::string("precordia-cli ") + programVersion());
    program.require_subcommand(1);
    program.failure_message(usageSentence);
    program.footer("precordia-cli VERB --help explains a verb and gives an example.");
    CommandRun chosen;
    addVerbs(program, chosen);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& stopped) {
        return program.exit(stopped) == 0 ? kAllWell : kUsage;
    }
    const InterruptWatch interrupt;
    RunContext context;
    context.stop = interrupt.token();
    return chosen(context);
}

}  // namespace
}  // namespace cxr::cli

int main(int argc, char** argv) {
    cxr::reexecuteWithWaitPolicy(argv);
    try {
        return cxr::cli::run(argc, argv);
    } catch (const std::bad_alloc&) {
        return cxr::cli::complain("there is not enough memory for this; try fewer or smaller films");
    } catch (const std::exception& bug) {
        return cxr::cli::complain(std::string("internal error: ") + bug.what());
    }
}
