#include "core/dataset/folds.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

namespace cxr {
namespace {

// One patient: how many films, and how many positives of each class.
struct Patient {
    double films = 0;
    std::vector<double> positives;
    int fold = -1;
};

struct Patients {
    std::vector<Patient> all;           // in order of name, then shuffled by the seed
    std::vector<std::size_t> ofFilm;    // index of each film's patient
};

// Fisher-Yates over std::mt19937_64: std::shuffle differs between libraries.
std::vector<std::size_t> seededOrder(std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed);
    for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    return order;
}

Patients patientsOf(const FilmTable& table, std::uint64_t seed, bool ignoreGiven) {
    std::map<std::string, std::size_t> rank;
    for (const FilmRecord& film : table.films) rank[film.group()] = 0;
    const auto order = seededOrder(rank.size(), seed);
    std::size_t next = 0;
    for (auto& [group, index] : rank) index = order[next++];
    Patients patients;
    patients.all.resize(rank.size());
    for (const FilmRecord& film : table.films) {
        Patient& patient = patients.all[patients.ofFilm.emplace_back(rank.at(film.group()))];
        patient.positives.resize(table.classes.size());
        ++patient.films;
        for (std::size_t c = 0; c < film.labels.size(); ++c) patient.positives[c] += film.labels[c] > 0.5F ? 1 : 0;
        if (!ignoreGiven && patient.fold < 0) patient.fold = film.fold;
    }
    return patients;
}

// What each fold still lacks: of films (index classCount) and of each class's positives.
class Needs {
  public:
    Needs(const std::vector<Patient>& patients, std::size_t classCount, int folds)
        : m_lacking(static_cast<std::size_t>(folds), std::vector<double>(classCount + 1)) {
        for (auto& fold : m_lacking) {
            for (const Patient& patient : patients) add(fold, patient, 1.0 / folds);
        }
    }
    void place(Patient& patient, int fold) {
        patient.fold = fold;
        add(m_lacking[static_cast<std::size_t>(fold)], patient, -1);
    }
    // The fold that lacks `what` most; ties by films, then by number.
    [[nodiscard]] int neediest(std::size_t what) const {
        std::size_t best = 0;
        for (std::size_t f = 1; f < m_lacking.size(); ++f) {
            const auto need = std::pair{m_lacking[f][what], m_lacking[f].back()};
            if (need > std::pair{m_lacking[best][what], m_lacking[best].back()}) best = f;
        }
        return static_cast<int>(best);
    }

  private:
    static void add(std::vector<double>& fold, const Patient& patient, double share) {
        for (std::size_t c = 0; c < patient.positives.size(); ++c) fold[c] += share * patient.positives[c];
        fold.back() += share * patient.films;
    }
    std::vector<std::vector<double>> m_lacking;
};

// The class with the fewest positives among patients without a fold; classCount if none is left.
std::size_t rarestLeft(const std::vector<Patient>& patients, std::size_t classCount) {
    std::vector<double> left(classCount);
    for (const Patient& patient : patients) {
        for (std::size_t c = 0; patient.fold < 0 && c < classCount; ++c) left[c] += patient.positives[c];
    }
    std::size_t rarest = classCount;
    for (std::size_t c = 0; c < classCount; ++c) {
        if (left[c] > 0 && (rarest == classCount || left[c] < left[rarest])) rarest = c;
    }
    return rarest;
}

// Patients without a fold who have the class (all for classCount), those with most of it first.
std::vector<Patient*> unplaced(std::vector<Patient>& patients, std::size_t what, std::size_t classCount) {
    const auto amount = [&](const Patient& p) { return what == classCount ? p.films : p.positives[what]; };
    std::vector<Patient*> chosen;
    for (Patient& patient : patients) {
        if (patient.fold < 0 && amount(patient) > 0) chosen.push_back(&patient);
    }
    std::stable_sort(chosen.begin(), chosen.end(), [&](const Patient* a, const Patient* b) { return amount(*a) > amount(*b); });
    return chosen;
}

}  // namespace

Result<std::vector<int>> stratifiedFolds(const FilmTable& table, int folds, std::uint64_t seed, bool ignoreGiven) {
    const std::size_t classCount = table.classes.size();
    Patients patients = patientsOf(table, seed, ignoreGiven);
    Needs needs(patients.all, classCount, folds);
    for (Patient& patient : patients.all) {
        if (patient.fold >= folds) {
            return Error{ErrorCode::InvalidArgument, "the data set gives fold " + std::to_string(patient.fold) + ", but only " +
                                                         std::to_string(folds) + " folds are wanted; ask for more"};
        }
        if (patient.fold >= 0) needs.place(patient, patient.fold);
    }
    for (std::size_t what = rarestLeft(patients.all, classCount);; what = rarestLeft(patients.all, classCount)) {
        for (Patient* patient : unplaced(patients.all, what, classCount)) needs.place(*patient, needs.neediest(what));
        if (what == classCount) break;
    }
    std::vector<int> foldOf;
    for (const std::size_t patient : patients.ofFilm) foldOf.push_back(patients.all[patient].fold);
    return foldOf;
}

}  // namespace cxr
