// StudyTree: what a search found: patients, their studies and, once a study is opened, its series; or patients alone; or what
// is planned.
//   thread rule  GUI thread only
#pragma once

#include <QTreeWidget>
#include <vector>

#include "core/pacs/pacs.h"

namespace cxr::ui {

class StudyTree : public QTreeWidget {
    Q_OBJECT
  public:
    explicit StudyTree(QWidget* parent = nullptr);

    void setStudies(const std::vector<StudyRow>& studies);
    void setPatients(const std::vector<PatientRow>& patients);
    void setPlanned(std::vector<WorklistRow> steps);  // by day and time
    // Of the row that is chosen among patients or planned steps; empty: none is.
    [[nodiscard]] QString chosenPatient() const;
    void setSeries(const QString& studyUid, const std::vector<SeriesRow>& series);
    // Chosen rows: a patient stands for its studies; series of a chosen study are left out.
    [[nodiscard]] std::vector<RetrieveTarget> targets() const;

  Q_SIGNALS:
    void seriesWanted(const QString& studyUid);  // a study was opened for the first time

  private:
    void showRows();
    void addStudy(QTreeWidgetItem* patient, const StudyRow& row);
    [[nodiscard]] QTreeWidgetItem* study(const QString& uid) const;
};

// "20261121" -> "2026-11-21"; anything else as it is.
QString shownDate(const std::string& date);
// "Roe^Jane" -> "Roe, Jane".
QString shownName(const std::string& name);

}  // namespace cxr::ui
