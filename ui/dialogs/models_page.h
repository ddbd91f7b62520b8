// ModelsPage: the installed model packs and the card of the chosen one.
//   thread rule  GUI thread only; packs are read in a worker
#pragma once

#include <QWidget>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_context.h"
#include "ui/jobs/job.h"

class QLabel;
class QListWidget;
class QTextBrowser;

namespace cxr::ui {

struct InstalledModel {
    QString id;       // folder name
    QString title;    // name and version
    QString summary;  // "SHA-256 1a2b3c4d…, 7.6 MB"
    QString card;     // Markdown of CARD.md, or a sentence that there is none
};

// Reads all packs of the registry with their cards. Thread-safe.
Result<std::vector<InstalledModel>> readInstalledModels(const RunContext& context);

class ModelsPage : public QWidget {
    Q_OBJECT
  public:
    explicit ModelsPage(QWidget* parent = nullptr);

    // Selects this pack as soon as the list is there.
    void select(const QString& packId);

  private:
    void show(Result<std::vector<InstalledModel>> models);
    void showCard(int row);

    std::vector<InstalledModel> m_models;
    QString m_wanted;
    QListWidget* m_list;
    QLabel* m_summary;
    QTextBrowser* m_card;
    JobHandle m_job;
};

}  // namespace cxr::ui
