// precordia-cli: everything the window can compute, without a display. One verb for each task; commands/ has them.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <stop_token>
#include <thread>

#include "app/cli/command.h"
#include "app/cli/commands/analyze.h"
#include "app/cli/commands/dataset.h"
#include "app/cli/commands/deidentify.h"
#include "app/cli/commands/evaluate.h"
#include "app/cli/commands/explain.h"
#include "app/cli/commands/heartspot.h"
#include "app/cli/commands/info.h"
#include "app/cli/commands/label.h"
#include "app/cli/commands/models.h"
#include "app/cli/commands/pacs.h"
#include "app/cli/commands/phantom.h"
#include "app/cli/commands/predict.h"
#include "app/cli/commands/priors.h"
#include "app/cli/commands/report.h"
#include "app/cli/commands/train.h"
#include "app/reexec.h"

namespace cxr::cli {
namespace {

// Turns the first Ctrl-C (or SIGTERM) into a stop request, the second into an end. The handler only writes into a pipe:
// some libraries start threads before main(), so that signals cannot be kept from all threads.
class InterruptWatch {
  public:
    InterruptWatch() {
        if (::pipe2(s_pipe, O_CLOEXEC) != 0) return;
        m_thread = std::thread([this] { watch(); });
        struct sigaction action {};
        action.sa_handler = [](int) { tell('s'); };
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);
    }
    ~InterruptWatch() {
        if (!m_thread.joinable()) return;
        tell('e');
        m_thread.join();
    }
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }

  private:
    static void tell(char what) {
        const int before = errno;
        [[maybe_unused]] const ssize_t written = ::write(s_pipe[1], &what, 1);
        errno = before;
    }
    void watch() {
        char what = 'e';
        while (::read(s_pipe[0], &what, 1) == 1 && what == 's') {
            if (m_source.stop_requested()) ::_exit(kInterrupted);
            m_source.request_stop();
        }
    }

    static inline int s_pipe[2] = {-1, -1};  // read, write
    std::stop_source m_source;
    std::thread m_thread;
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
    addPredict(program, chosen);
    addPriors(program, chosen);
    addTrain(program, chosen);
    addEvaluate(program, chosen);
    addExplain(program, chosen);
    addModels(program, chosen);
    addDataset(program, chosen);
    addLabel(program, chosen);
    addDeidentify(program, chosen);
    addPacs(program, chosen);
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
