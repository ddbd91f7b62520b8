#include "app/cli/commands/pacs.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/pacs_options.h"
#include "app/cli/progress_bar.h"
#include "core/io/dicom_facts.h"
#include "core/io/image_reader.h"
#include "core/pacs/pacs.h"

namespace cxr::cli {
namespace {

namespace fs = std::filesystem;

struct PacsArguments {
    PacsOptions options;
    StudyFilter filter;
    std::string date, study, series, out, station;
    std::vector<std::string> inputs;
    bool json = false;
};

// Every subcommand: the server described, or the exit code of what is wrong with it.
template <typename Run>
int withServer(const PacsArguments& arguments, const Run& run) {
    const Result<Server> server = arguments.options.described();
    if (server.isOk()) return run(server.value());
    return server.error().code == ErrorCode::InvalidArgument ? complainUsage(server.error().message) : complain(server.error());
}

int runEcho(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) {
        const Result<Done> answered = echoServer(server, context);
        if (!answered.isOk()) return complain(answered.error());
        std::printf("%s answers\n", addressOf(server).c_str());
        return static_cast<int>(kAllWell);
    });
}

nlohmann::ordered_json asJson(const StudyRow& row) {
    return {{"study_uid", row.studyUid}, {"patient_name", row.patientName}, {"patient_id", row.patientId}, {"birth_date", row.birthDate},
            {"sex", row.sex}, {"date", row.date}, {"time", row.time}, {"accession", row.accession}, {"modalities", row.modalities},
            {"description", row.description}, {"series", row.series}, {"objects", row.objects}};
}
nlohmann::ordered_json asJson(const SeriesRow& row) {
    return {{"series_uid", row.seriesUid}, {"modality", row.modality}, {"number", row.number}, {"description", row.description}, {"objects", row.objects}};
}

nlohmann::ordered_json asJson(const PatientRow& row) {
    return {{"patient_id", row.patientId}, {"issuer", row.issuer}, {"patient_name", row.patientName}, {"birth_date", row.birthDate},
            {"sex", row.sex}, {"studies", row.studies}, {"objects", row.objects}};
}
nlohmann::ordered_json asJson(const WorklistRow& row) {
    return {{"date", row.date}, {"time", row.time}, {"modality", row.modality}, {"station_ae", row.stationAe}, {"station", row.station},
            {"performer", row.performer}, {"patient_name", row.patientName}, {"patient_id", row.patientId}, {"birth_date", row.birthDate},
            {"sex", row.sex}, {"accession", row.accession}, {"study_uid", row.studyUid}, {"procedure", row.procedure},
            {"procedure_id", row.procedureId}, {"step", row.step}, {"step_id", row.stepId}};
}

std::string asLine(const PatientRow& row) {
    return row.patientId + "  " + personName(row.patientName) + "  " + row.birthDate + "  " + row.sex + "  " + std::to_string(row.studies) + " studies";
}
std::string asLine(const WorklistRow& row) {
    return row.date + "  " + row.time + "  " + row.modality + "  " + row.stationAe + "  " + personName(row.patientName) + "  " + row.patientId + "  " + row.accession + "  " +
           (row.step.empty() ? row.procedure : row.step);
}
std::string asLine(const StudyRow& row) {
    return row.studyUid + "  " + row.date + "  " + personName(row.patientName) + "  " + row.patientId + "  " + row.modalities + "  " + row.description + "  " +
           std::to_string(row.objects) + " objects";
}
std::string asLine(const SeriesRow& row) {
    return row.seriesUid + "  " + row.modality + "  " + row.number + "  " + row.description + "  " + std::to_string(row.objects) + " objects";
}

template <typename Row>
int printRows(const Result<Found<Row>>& found, bool json) {
    if (!found.isOk()) return complain(found.error());
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Row& row : found.value().rows) {
        if (json) list.push_back(asJson(row));
        else std::printf("%s\n", asLine(row).c_str());
    }
    if (json) std::printf("%s\n", list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
    if (found.value().rows.empty()) remark("nothing matches");
    if (found.value().isCut) remark("there are more; narrow the search or raise --limit");
    return kAllWell;
}

// "20260101", "20260101-20261231", "20260101-", "-20261231".
void splitDates(const std::string& text, StudyFilter& filter) {
    const std::size_t dash = text.find('-');
    filter.dateFrom = text.substr(0, dash);
    filter.dateTo = dash == std::string::npos ? filter.dateFrom : text.substr(dash + 1);
}

int runFind(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) {
        if (!arguments.study.empty()) return printRows(findSeries(server, arguments.study, context), arguments.json);
        StudyFilter filter = arguments.filter;
        splitDates(arguments.date, filter);
        return printRows(findStudies(server, filter, context), arguments.json);
    });
}

int runPatients(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) { return printRows(findPatients(server, arguments.filter, context), arguments.json); });
}

int runWorklist(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) {
        StudyFilter dates;
        splitDates(arguments.date, dates);
        const StudyFilter& filter = arguments.filter;
        return printRows(findWorklist(server, {filter.patientName, filter.patientId, filter.accession, dates.dateFrom, dates.dateTo, filter.modality,
                                               arguments.station, filter.limit}, context), arguments.json);
    });
}

int runGet(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) -> int {
        Result<RetrieveOutcome> outcome = Error{ErrorCode::Internal, ""};
        {
            ProgressBar bar("pacs get");
            const RunContext shown{context.stop, [&bar](double done) { bar.show(done, std::to_string(static_cast<int>(done * 100)) + " %"); }};
            outcome = retrieve(server, {arguments.study, arguments.series, 0}, arguments.out, {}, shown);
        }
        if (!outcome.isOk()) return complain(outcome.error());
        for (const fs::path& file : outcome.value().files) std::printf("%s\n", file.c_str());
        if (outcome.value().failed == 0) return kAllWell;
        return complain(std::to_string(outcome.value().failed) + " objects were not received; the first: " + outcome.value().firstFailure);
    });
}

// Files as they are named; of folders, every DICOM file.
Result<std::vector<fs::path>> filesToSend(const std::vector<std::string>& inputs) {
    std::vector<fs::path> files;
    for (const fs::path input : inputs) {
        std::error_code problem;
        if (!fs::exists(input, problem)) return Error{ErrorCode::NotFound, "there is no file or folder " + input.string()};
        if (!fs::is_directory(input, problem)) {
            files.push_back(input);
            continue;
        }
        const std::vector<fs::path> inside = listFilms(input);
        files.insert(files.end(), inside.begin(), inside.end());
    }
    if (files.empty()) return Error{ErrorCode::NotFound, "there is no DICOM file to send"};
    return files;
}

int runSend(const PacsArguments& arguments, const RunContext& context) {
    return withServer(arguments, [&](const Server& server) -> int {
        const Result<std::vector<fs::path>> files = filesToSend(arguments.inputs);
        if (!files.isOk()) return complain(files.error());
        Result<StoreOutcome> outcome = Error{ErrorCode::Internal, ""};
        {
            ProgressBar bar("pacs send");
            const RunContext shown{context.stop, [&bar](double done) { bar.show(done, std::to_string(static_cast<int>(done * 100)) + " %"); }};
            outcome = storeFiles(server, files.value(), shown);
        }
        if (!outcome.isOk()) return complain(outcome.error());
        for (const SentObject& object : outcome.value().objects) std::printf("%s: %s\n", object.file.c_str(), object.answer.c_str());
        return outcome.value().stored() == static_cast<int>(outcome.value().objects.size()) ? kAllWell : kSomeFailed;
    });
}

CLI::App* addVerb(CLI::App& pacs, const char* name, const char* what, const std::shared_ptr<PacsArguments>& arguments, CommandRun& chosen,
                  int (*run)(const PacsArguments&, const RunContext&)) {
    CLI::App* verb = pacs.add_subcommand(name, what);
    arguments->options.addTo(*verb);
    verb->callback([arguments, run, &chosen] { chosen = [arguments, run](const RunContext& context) { return run(*arguments, context); }; });
    return verb;
}

// What every list is asked with.
CLI::App* addList(CLI::App& pacs, const char* name, const char* what, const std::shared_ptr<PacsArguments>& arguments, CommandRun& chosen,
                  int (*run)(const PacsArguments&, const RunContext&)) {
    CLI::App* list = addVerb(pacs, name, what, arguments, chosen, run);
    list->add_option("--name", arguments->filter.patientName, "Patient's name: its beginning, or with * and ?");
    list->add_option("--id", arguments->filter.patientId, "Patient ID; most servers take * and ? in it");
    list->add_option("--limit", arguments->filter.limit, "Answers to take, 1 to 10000")->capture_default_str();
    list->add_flag("--json", arguments->json, "As JSON");
    return list;
}

void addExaminationFilter(CLI::App& list, const std::shared_ptr<PacsArguments>& arguments, const char* dateOf) {
    list.add_option("--date", arguments->date, std::string(dateOf) + " 20260101, or a range 20260101-20261231, 20260101-, -20261231");
    list.add_option("--accession", arguments->filter.accession, "Accession number");
    list.add_option("--modality", arguments->filter.modality, "Modality, for example CR or DX");
}

void addFind(CLI::App& pacs, CommandRun& chosen) {
    const auto arguments = std::make_shared<PacsArguments>();
    CLI::App* find = addList(pacs, "find", "Lists studies, or the series of one study", arguments, chosen, runFind);
    addExaminationFilter(*find, arguments, "Study date");
    find->add_option("--study", arguments->study, "List the series of this study (its UID) instead");
    find->footer(examples({"precordia-cli pacs find --server pacs:104 --aec ARCHIVE --name roe --date 20260101-",
                           "precordia-cli pacs find --server https://pacs/dicom-web --user me --study 1.2.3"}));
}

void addPatients(CLI::App& pacs, CommandRun& chosen) {
    const auto arguments = std::make_shared<PacsArguments>();
    CLI::App* patients = addList(pacs, "patients", "Lists patients", arguments, chosen, runPatients);
    patients->footer(example("precordia-cli pacs patients --server pacs:104 --aec ARCHIVE --name roe"));
}

void addWorklist(CLI::App& pacs, CommandRun& chosen) {
    const auto arguments = std::make_shared<PacsArguments>();
    CLI::App* worklist = addList(pacs, "worklist", "Lists what is planned (modality worklist)", arguments, chosen, runWorklist);
    addExaminationFilter(*worklist, arguments, "Day of the step");
    worklist->add_option("--station", arguments->station, "AE title of the station that the step is planned for");
    worklist->footer(example("precordia-cli pacs worklist --server ris:104 --aec RIS --date 20260101 --modality DX"));
}

void addGet(CLI::App& pacs, CommandRun& chosen) {
    const auto arguments = std::make_shared<PacsArguments>();
    CLI::App* get = addVerb(pacs, "get", "Retrieves a study or a series", arguments, chosen, runGet);
    get->add_option("--study", arguments->study, "UID of the study")->required();
    get->add_option("--series", arguments->series, "UID of one series of it");
    get->add_option("--out", arguments->out, "Folder; the study gets a folder inside, each object a file")->required();
    get->add_option("--move", arguments->options.movePort,
                    "Retrieve with C-MOVE to this port of ours; the server must know our AE title, host and port. Without it: C-GET");
    get->footer(example("precordia-cli pacs get --server pacs:104 --aec ARCHIVE --study 1.2.3 --out films/"));
}

void addSend(CLI::App& pacs, CommandRun& chosen) {
    const auto arguments = std::make_shared<PacsArguments>();
    CLI::App* send = addVerb(pacs, "send", "Sends DICOM files, each with its answer", arguments, chosen, runSend);
    send->add_option("FILES", arguments->inputs, "DICOM files, or folders that hold some")->required();
    send->footer(example("precordia-cli pacs send --server pacs:104 --aec ARCHIVE results/*.dcm"));
}

}  // namespace

void addPacs(CLI::App& program, CommandRun& chosen) {
    CLI::App* pacs = program.add_subcommand("pacs", "Archives (PACS, DICOMweb): test, search, retrieve, send");
    pacs->require_subcommand(1);
    const auto arguments = std::make_shared<PacsArguments>();
    addVerb(*pacs, "echo", "Does the server answer?", arguments, chosen, runEcho)
        ->footer(example("precordia-cli pacs echo --server pacs:104 --aec ARCHIVE"));
    addFind(*pacs, chosen);
    addPatients(*pacs, chosen);
    addWorklist(*pacs, chosen);
    addGet(*pacs, chosen);
    addSend(*pacs, chosen);
}

}  // namespace cxr::cli
