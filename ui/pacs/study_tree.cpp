#include "ui/pacs/study_tree.h"

#include <QHeaderView>
#include <QRegularExpression>
#include <algorithm>
#include <map>

#include "core/io/dicom_facts.h"

namespace cxr::ui {

namespace {

enum Column { kWhat, kDate, kModality, kDescription, kObjects, kColumns };
constexpr int kFirstPx = 260, kWidestPx = 380;  // of the first column
enum Role { kStudyUid = Qt::UserRole, kSeriesUid, kCount, kIsFilled, kPatientId };

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }
QString countText(int count) { return count > 0 ? QString::number(count) : QString(); }
QString listed(const std::string& values) { return text(values).replace(QLatin1Char('\\'), QStringLiteral(", ")); }

QString patientTitle(const QString& name, const QString& id) {
    if (name.isEmpty() && id.isEmpty()) return StudyTree::tr("Patient without a name");
    if (name.isEmpty() || id.isEmpty() || name == id) return name.isEmpty() ? id : name;
    return StudyTree::tr("%1 (%2)").arg(name, id);
}

RetrieveTarget targetOf(const QTreeWidgetItem* item) {
    return {item->data(kWhat, kStudyUid).toString().toStdString(), item->data(kWhat, kSeriesUid).toString().toStdString(),
            item->data(kWhat, kCount).toInt()};
}

}  // namespace

QString shownDate(const std::string& date) {
    const QString plain = text(date);
    if (plain.size() != 8) return plain;
    return plain.left(4) + QLatin1Char('-') + plain.mid(4, 2) + QLatin1Char('-') + plain.right(2);
}

QString shownName(const std::string& name) { return text(personName(name)); }

StudyTree::StudyTree(QWidget* parent) : QTreeWidget(parent) {
    setObjectName(QStringLiteral("pacsStudies"));
    setAccessibleName(tr("Patients, studies and series that were found"));
    setToolTip(tr("Open a study to see its series; choose one or several rows to retrieve"));
    setColumnCount(kColumns);
    setHeaderLabels({tr("Patient, study, series"), tr("Date"), tr("Modality"), tr("Description"), tr("Objects")});
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    header()->setStretchLastSection(false);
    setColumnWidth(kWhat, kFirstPx);
    header()->setSectionResizeMode(kDescription, QHeaderView::Stretch);
    connect(this, &QTreeWidget::itemExpanded, this, [this](QTreeWidgetItem* item) {
        if (!item->parent() || item->data(kWhat, kIsFilled).toBool() || item->data(kWhat, kStudyUid).isNull()) return;
        Q_EMIT seriesWanted(item->data(kWhat, kStudyUid).toString());
    });
}

void StudyTree::setStudies(const std::vector<StudyRow>& studies) {
    clear();
    std::map<QString, QTreeWidgetItem*> patients;
    for (const StudyRow& row : studies) {
        const QString key = text(row.patientId) + QLatin1Char('\n') + text(row.patientName);
        QTreeWidgetItem*& patient = patients[key];
        if (!patient) {
            patient = new QTreeWidgetItem(this);
            patient->setText(kWhat, patientTitle(shownName(row.patientName), text(row.patientId)));
            const QString born = shownDate(row.birthDate);
            if (!born.isEmpty()) patient->setText(kDescription, tr("born %1").arg(born));
        }
        addStudy(patient, row);
    }
    expandToDepth(0);
    showRows();
    if (topLevelItemCount() > 0) setCurrentItem(topLevelItem(0)->child(0));
}

void StudyTree::showRows() {
    for (int column : {kWhat, kDate, kModality, kObjects}) resizeColumnToContents(column);
    setColumnWidth(kWhat, std::min(columnWidth(kWhat), kWidestPx));
    if (topLevelItemCount() > 0) setCurrentItem(topLevelItem(0));
}

void StudyTree::setPatients(const std::vector<PatientRow>& patients) {
    clear();
    for (const PatientRow& row : patients) {
        auto* item = new QTreeWidgetItem(this);
        item->setText(kWhat, patientTitle(shownName(row.patientName), text(row.patientId)));
        const QString born = shownDate(row.birthDate);
        const QString studies = row.studies == 1 ? tr("1 study") : row.studies > 1 ? tr("%1 studies").arg(row.studies) : QString();
        item->setText(kDescription, QStringList{born.isEmpty() ? born : tr("born %1").arg(born), text(row.sex), studies}.filter(QRegularExpression(QStringLiteral("."))).join(QStringLiteral(", ")));
        item->setText(kObjects, countText(row.objects));
        item->setData(kWhat, kPatientId, text(row.patientId));
    }
    showRows();
}

void StudyTree::setPlanned(std::vector<WorklistRow> steps) {
    clear();
    std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return std::pair(a.date, a.time) < std::pair(b.date, b.time); });
    for (const WorklistRow& row : steps) {
        auto* item = new QTreeWidgetItem(this);
        item->setText(kWhat, patientTitle(shownName(row.patientName), text(row.patientId)));
        item->setText(kDate, QStringList{shownDate(row.date), text(row.time.substr(0, 2)) + (row.time.size() < 4 ? QString() : QLatin1Char(':') + text(row.time.substr(2, 2)))}.join(QLatin1Char(' ')));
        item->setText(kModality, listed(row.modality));
        const QStringList words{text(row.step.empty() ? row.procedure : row.step), text(row.station.empty() ? row.stationAe : row.station),
                                row.accession.empty() ? QString() : tr("order %1").arg(text(row.accession))};
        item->setText(kDescription, words.filter(QRegularExpression(QStringLiteral("."))).join(QStringLiteral(", ")));
        item->setData(kWhat, kPatientId, text(row.patientId));
    }
    showRows();
}

QString StudyTree::chosenPatient() const {
    const QTreeWidgetItem* item = currentItem();
    return item && item->isSelected() ? item->data(kWhat, kPatientId).toString() : QString();
}

void StudyTree::addStudy(QTreeWidgetItem* patient, const StudyRow& row) {
    auto* item = new QTreeWidgetItem(patient);
    item->setText(kWhat, row.accession.empty() ? tr("Study") : tr("Study %1").arg(text(row.accession)));
    item->setText(kDate, shownDate(row.date));
    item->setText(kModality, listed(row.modalities));
    item->setText(kDescription, text(row.description));
    item->setText(kObjects, countText(row.objects));
    item->setData(kWhat, kStudyUid, text(row.studyUid));
    item->setData(kWhat, kCount, row.objects);
    item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
}

QTreeWidgetItem* StudyTree::study(const QString& uid) const {
    for (int i = 0; i < topLevelItemCount(); ++i) {
        for (int k = 0; k < topLevelItem(i)->childCount(); ++k) {
            if (topLevelItem(i)->child(k)->data(kWhat, kStudyUid).toString() == uid) return topLevelItem(i)->child(k);
        }
    }
    return nullptr;
}

void StudyTree::setSeries(const QString& studyUid, const std::vector<SeriesRow>& series) {
    QTreeWidgetItem* parent = study(studyUid);
    if (!parent || parent->data(kWhat, kIsFilled).toBool()) return;
    parent->setData(kWhat, kIsFilled, true);
    for (const SeriesRow& row : series) {
        auto* item = new QTreeWidgetItem(parent);
        item->setText(kWhat, row.number.empty() ? tr("Series") : tr("Series %1").arg(text(row.number)));
        item->setText(kModality, listed(row.modality));
        item->setText(kDescription, text(row.description));
        item->setText(kObjects, countText(row.objects));
        item->setData(kWhat, kStudyUid, studyUid);
        item->setData(kWhat, kSeriesUid, text(row.seriesUid));
        item->setData(kWhat, kCount, row.objects);
    }
    parent->setChildIndicatorPolicy(QTreeWidgetItem::DontShowIndicatorWhenChildless);
}

std::vector<RetrieveTarget> StudyTree::targets() const {
    std::vector<RetrieveTarget> wanted;
    const auto isChosen = [](const QTreeWidgetItem* item) { return item && item->isSelected(); };
    for (QTreeWidgetItem* item : selectedItems()) {
        if (!item->parent()) {
            for (int i = 0; i < item->childCount(); ++i) wanted.push_back(targetOf(item->child(i)));
        } else if (!isChosen(item->parent()) && !isChosen(item->parent()->parent())) {
            wanted.push_back(targetOf(item));
        }
    }
    return wanted;
}

}  // namespace cxr::ui
